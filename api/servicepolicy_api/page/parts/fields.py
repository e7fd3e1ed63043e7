"""Buttons and fields: the browser's own, so that every keyboard and screen reader knows them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from nicegui import ui
from nicegui.element import Element

from servicepolicy_models.findings import Finding

SEND_VALUE = "(event) => emit(event.target.value)"
AT_FIRST = "^value"
"""The attribute: what a field holds before anybody types. The property of that name would be written again
whenever anything on the screen is drawn anew, over what is being typed."""
SEND_CHECKED = "(event) => emit(event.target.checked)"


class Button:
    """A button whose words may change, and that may be out of use."""

    def __init__(self, words: str, on_click: Callable[[], Any], is_primary: bool = False) -> None:
        """Draw it."""
        self.element = ui.element("button").props('type="button"').classes("sp-button")
        if is_primary:
            self.element.classes("sp-primary")
        with self.element:
            self._words = ui.html(_escaped(words), tag="span", sanitize=False)
        self.element.on("click", lambda: on_click())

    def say(self, words: str) -> None:
        """Change its words."""
        self._words.set_content(_escaped(words))

    def enable(self, is_enabled: bool) -> None:
        """Put it into or out of use."""
        self.element.props(remove="disabled") if is_enabled else self.element.props("disabled")

    def show(self, is_shown: bool) -> None:
        """Show it, or not."""
        self.element.set_visibility(is_shown)


def button(words: str, on_click: Callable[[], Any], is_primary: bool = False) -> Button:
    """A button."""
    return Button(words, on_click, is_primary)


def _escaped(text: str) -> str:
    return str(Markup("{}").format(text))


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
        self._hint, self._mark = hint, ""
        self.say(None)

    def _drawn(self) -> Element:
        raise NotImplementedError

    def hint(self, words: str) -> None:
        """Say something else below the field, where nothing is wrong."""
        self._hint = words
        self.say(None)

    def say(self, finding: Finding | None) -> None:
        """Say what is wrong; None: nothing is."""
        if finding is None:
            self._message.set_content(str(Markup('<span class="sp-soft">{}</span>').format(self._hint)))
            self.field.props(remove="aria-invalid")
            return
        text = Markup('<span class="sp-wrong">{} {}</span>').format(finding.what, finding.mend)
        self._message.set_content(str(text))
        self.field.props('aria-invalid="true"')

    def mark(self, change: str) -> None:
        """Say how the field differs from what stood there; empty: it does not."""
        self._mark = change
        if change:
            self.field.classes("sp-changed")
            if "aria-invalid" not in self.field.props:
                self._message.set_content(str(Markup('<span class="sp-was">{}</span>').format(change)))
        else:
            self.field.classes(remove="sp-changed")


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
        made.props[AT_FIRST] = self.value
        return made.on("change", lambda event: self._change(event.args), js_handler=SEND_VALUE)

    def put(self, value: str) -> None:
        """Show another value, as if it had always stood there."""
        if value != self.value:
            self._keep(value)
            put = f"document.getElementById({json.dumps(self.field.html_id)}).value = {json.dumps(value)}"
            self.field.client.run_javascript(put)

    def _keep(self, value: str) -> None:
        self.value = value
        # The browser shows it already; telling it again would undo what is typed meanwhile.
        dict.__setitem__(self.field.props, AT_FIRST, value)

    def _change(self, value: str) -> Any:
        self._keep(str(value))
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
        self._drawn_options = []
        with made:
            for value, words in self._options.items():
                option = ui.html(_escaped(words), tag="option", sanitize=False)
                self._drawn_options.append(option)
                option.props["value"] = value
                if value == self.value:
                    option.props["selected"] = True
        return made.on("change", lambda event: self._change(event.args), js_handler=SEND_VALUE)

    def put(self, value: str) -> None:
        """Choose another value, as if it had always been chosen."""
        if value != self.value:
            self.value = value
            for option, given in zip(self._drawn_options, self._options, strict=True):
                option.props.set_bool("selected", given == value)
            script = f"getHtmlElement({self.field.id}).value = {json.dumps(value)}"
            self.field.client.run_javascript(script)

    def tell(self, on_change: Callable[[str], Any]) -> None:
        """Tell somebody else of later changes."""
        self._told = on_change

    def _change(self, value: str) -> Any:
        self.value = str(value)
        return None if self._told is None else self._told(self.value)
