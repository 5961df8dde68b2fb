// Signs in again without leaving the page, as the same person in the same post; what waited is then saved.
(() => {
  const form = document.querySelector("form[data-sign-in-again]");
  if (!form) return;
  const words = form.querySelector("[data-sign-in-words]");
  const cookie = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]*)/) || [])[1];
  const post = (address, content) =>
    fetch(address, {
      method: "POST",
      body: content,
      headers: { "X-CSRFToken": cookie() || form.elements.csrfmiddlewaretoken.value },
      redirect: "manual",
    });
  // Signing in changes the token of every form on the page.
  const renew = () => {
    const token = cookie();
    if (!token) return;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  };
  const reason = async (response) => {
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = answer.querySelector("main .notice.error, main .error-summary li, main .invalid-feedback");
    return found ? found.textContent.trim() : form.dataset.failed;
  };

  // Where the person wrote last; there they go on, wherever the focus passed on its way here.
  let written = null;
  document.addEventListener("input", (event) => {
    if (!form.contains(event.target)) written = event.target;
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const response = await post(form.action, new FormData(form));
      if (response.type !== "opaqueredirect") {
        words.textContent = await reason(response);
        form.elements.password.select();
        return;
      }
      renew();
      if (form.dataset.post) {
        const chosen = new FormData();
        chosen.set("post", form.dataset.post);
        await post(form.dataset.postUrl, chosen);
      }
    } catch {
      words.textContent = form.dataset.failed;
      return;
    }
    form.elements.password.value = "";
    words.textContent = "";
    document.dispatchEvent(new CustomEvent("portal:seen"));
    document.dispatchEvent(new CustomEvent("portal:signed-in"));
    if (written && written.isConnected) written.focus();
  });
})();
