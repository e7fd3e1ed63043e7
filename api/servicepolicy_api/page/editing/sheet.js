// A block pasted from a spreadsheet goes to the service as a block; Ctrl+Z and Ctrl+Y undo and redo.
document.addEventListener("paste", (event) => {
  const host = event.target.closest && event.target.closest("[data-sheet]");
  if (!host || event.target.matches("input, textarea")) return;
  const api = getElement(Number(host.id.slice(1))).api;
  const cell = api.getFocusedCell();
  if (!cell) return;
  event.preventDefault();
  const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  const columns = api.getAllDisplayedColumns().map((one) => one.getColId());
  const first = columns.indexOf(cell.column.getColId());
  const cells = [];
  text.split(/\r?\n/).forEach((line, down) => {
    const row = api.getDisplayedRowAtIndex(cell.rowIndex + down);
    if (!row) return;
    line.split("\t").forEach((value, across) => {
      const column = columns[first + across];
      if (column !== undefined) cells.push([row.id, column, value]);
    });
  });
  emitEvent("sheet-paste", { sheet: host.dataset.sheet, cells });
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches("input, textarea, select")) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  emitEvent(key === "y" || event.shiftKey ? "sheet-redo" : "sheet-undo", {});
});
