/** Most families give everything: one tap says so, and what was refused is changed after it. */

document.documentElement.classList.add("js");

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-all]");
  if (!button) return;
  for (const radio of button.form.querySelectorAll(`.scopes input[value="${CSS.escape(button.dataset.all)}"]`)) radio.checked = true;
});
