// A chosen file goes to the service as it is; where it was understood, the page goes on to its columns.
document.addEventListener("change", async (event) => {
  const field = event.target;
  if (!field.matches || !field.matches("input[data-upload]")) return;
  const file = field.files[0];
  const message = document.getElementById(field.dataset.message);
  if (!file) return;
  message.className = "sp-soft";
  message.textContent = field.dataset.busy.replace("{name}", file.name);
  field.disabled = true;
  let told;
  try {
    const answer = await fetch(field.dataset.upload, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) },
      body: file,
    });
    told = await answer.json();
  } catch (failed) {
    told = { told: field.dataset.failed };
  }
  if (told.address) {
    location.assign(told.address);
    return;
  }
  field.disabled = false;
  field.value = "";
  message.className = "sp-wrong";
  message.textContent = told.told;
});
