"""Buttons and fields: the browser's own, so that every keyboard and screen reader knows them."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from nicegui import ui
from nicegui.element import Element

from servicepolicy_models.findings import Finding

SEND_VALUE = "(event) => emit(event.target.value)"
SEND_CHECKED = "(event) => emit(event.target.checked)"


def button(words: str, on_click: Callable[[], Any], is_primary: bool = False) -> Element:
    """A button."""
    made = ui.element("button").props('type="button"').classes("sp-button")
    if is_primary:
        made.classes("sp-primary")
    with made:
        ui.html(Markup("{}").format(words), tag="span", sanitize=False)
    return made.on("click", lambda: on_click())


class Field:
    """A label, a field, and below it what is wrong with its content."""

    def __init__(self, label: str, hint: str = "") -> None:
        """Draw the label and room for a message; a subclass puts the field between."""
        self.box = ui.element("div").classes("sp-field")
        with self.box:
            self._label = ui.html(Markup("{}").format(label), tag="label", sanitize=False)
            self.field = self._drawn()
            self._message = (
                ui.html("", tag="div", sanitize=False).classes("sp-message").props('role="status"')
            )
        self._label.props(f'for="{self.field.html_id}"')
        self.field.classes("sp-input").props(f'aria-describedby="{self._message.html_id}"')
        self._hint = hint
        self.say(None)

    def _drawn(self) -> Element:
        raise NotImplementedError

    def say(self, finding: Finding | None) -> None:
        """Say what is wrong; None: nothing is."""
        if finding is None:
            self._message.set_content(str(Markup('<span class="sp-soft">{}</span>').format(self._hint)))
            self.field.props(remove="aria-invalid")
            return
        text = Markup('<span class="sp-wrong">{} {}</span>').format(finding.what, finding.mend)
        self._message.set_content(str(text))
        self.field.props('aria-invalid="true"')


class TextField(Field):
    """One line of text, told when it is left or Enter is pressed."""

    def __init__(
        self, label: str, value: str, on_change: Callable[[str], Any] | None = None, hint: str = ""
    ) -> None:
        """Draw it with a value."""
        self.value, self._told = value, on_change
        super().__init__(label, hint)

    def _drawn(self) -> Element:
        made = ui.element("input").props('type="text" autocomplete="off"')
        made.props["value"] = self.value
        return made.on("change", lambda event: self._change(event.args), js_handler=SEND_VALUE)

    def _change(self, value: str) -> Any:
        self.value = str(value)
        self.field.props["value"] = self.value
        return None if self._told is None else self._told(self.value)


class ChoiceField(Field):
    """One of several."""

    def __init__(
        self,
        label: str,
        options: Mapping[str, str],
        value: str,
        on_change: Callable[[str], Any] | None = None,
        hint: str = "",
    ) -> None:
        """Draw it. options: value -> words."""
        self.value, self._options, self._told = value, options, on_change
        super().__init__(label, hint)

    def _drawn(self) -> Element:
        made = ui.element("select")
        with made:
            for value, words in self._options.items():
                option = ui.html(Markup("{}").format(words), tag="option", sanitize=False)
                option.props["value"] = value
                if value == self.value:
                    option.props["selected"] = True
        return made.on("change", lambda event: self._change(event.args), js_handler=SEND_VALUE)

    def _change(self, value: str) -> Any:
        self.value = str(value)
        return None if self._told is None else self._told(self.value)
