// Shows in the page, under the text, what the server could not join; the choices go the way of every other save.
(() => {
  const place = document.querySelector("[data-conflict-panel]");
  if (!place) return;
  document.addEventListener("portal:conflict", ({ detail }) => {
    place.innerHTML = detail.panel;
    place.hidden = false;
    place.querySelector("h2").focus();
  });
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("portal:settled", { detail: [...new FormData(event.target)] }));
  });
  document.addEventListener("portal:seen", () => {
    place.hidden = true;
    place.replaceChildren();
  });
})();
