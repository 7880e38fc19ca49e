// Only conveniences: a drop zone, the progress of an upload, copying an address. Every page does the
// same without this file.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /** Copies the address of a cell. */
  function copyButtons(root) {
    for (const button of all("button.copy", root)) {
      const label = button.textContent;
      button.addEventListener("click", async () => {
        await copy(button.dataset.copy);
        button.textContent = button.dataset.done;
        setTimeout(() => { button.textContent = label; }, 1500);
      });
    }
  }

  /** Browsers give the clipboard only to pages of a safe address; on others the text is selected. */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
  }

  /** Names the chosen files and says at once if they are too big. */
  function choose(form) {
    const input = form.querySelector("input[type=file]");
    const list = form.querySelector(".chosen");
    list.replaceChildren();
    let bytes = 0;
    for (const file of input.files) {
      const line = document.createElement("li");
      line.textContent = file.name;
      list.append(line);
      bytes += file.size;
    }
    const tooBig = bytes > Number(form.dataset.most);
    if (tooBig) {
      const line = document.createElement("li");
      line.className = "bad";
      line.textContent = form.dataset.tooBig;
      list.append(line);
    }
    for (const button of all("button", form)) button.disabled = tooBig;
  }

  /** A file may be dropped anywhere on the page. */
  function dropZone(form) {
    const zone = form.querySelector(".drop");
    const input = form.querySelector("input[type=file]");
    input.addEventListener("change", () => choose(form));
    const over = (event) => {
      if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      zone.classList.add("over");
    };
    document.ondragover = over;
    document.ondragleave = () => zone.classList.remove("over");
    document.ondrop = (event) => {
      zone.classList.remove("over");
      if (!event.dataTransfer || !event.dataTransfer.files.length) return;
      event.preventDefault();
      input.files = event.dataTransfer.files;
      choose(form);
      zone.scrollIntoView({ block: "center" });
    };
  }

  /** Sends the form and calls back with the progress from 0 to 1; resolves with the request. */
  function send(address, data, progress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.setRequestHeader("Accept", "text/html");
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) progress(event.loaded / event.total);
      };
      request.onload = () => resolve(request);
      request.onerror = reject;
      request.ontimeout = reject;
      request.send(data);
    });
  }

  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

  /** Says, until it is stopped, how many are before a turn in the line. */
  function watchLine(form, turn, say) {
    const ask = async () => {
      try {
        const line = await (await fetch(`${form.dataset.queue}?turn=${turn}`)).json();
        if (watching === null) return;
        if (line.ahead === null || line.ahead === undefined) say(form.dataset.reading, null);
        else say(`${form.dataset.ahead} ${line.ahead + line.running}`, null);
      } catch {
        // What is sent is answered all the same.
      }
    };
    let watching = setInterval(ask, 2000);
    return () => {
      clearInterval(watching);
      watching = null;
    };
  }

  /** Sends until it is not answered that others are first. */
  async function sendInTurn(form, address, data, say) {
    for (;;) {
      say(form.dataset.sending, 0);
      const turn = Math.random().toString(36).slice(2);
      const named = `${address}${address.includes("?") ? "&" : "?"}turn=${turn}`;
      let stop = null;
      const request = await send(named, data, (share) => {
        if (share < 1) say(form.dataset.sending, share);
        else say(form.dataset.reading, null);
        if (share === 1 && stop === null) stop = watchLine(form, turn, say);
      }).finally(() => stop && stop());
      const seconds = Number(request.getResponseHeader("Retry-After"));
      if (request.status !== 503 || !seconds) return request;
      say(form.dataset.waiting, null);
      await pause(Math.min(seconds, 60));
    }
  }

  /** Puts the content of the answer in place of the page's. */
  function show(text, files) {
    const answer = new DOMParser().parseFromString(text, "text/html");
    const main = answer.querySelector("main");
    document.title = answer.title;
    document.querySelector("main").replaceWith(main);
    begin(main);
    const again = main.querySelector("form.upload input[type=file]");
    if (again && files) {
      again.files = files;
      choose(again.form);
    }
    const verdict = main.querySelector("#ket-qua") || main.querySelector("h1");
    if (verdict) {
      verdict.tabIndex = -1;
      verdict.focus({ preventScroll: true });
    }
    window.scrollTo({ top: 0 });
  }

  /** Sends an upload without leaving the page. */
  function upload(form) {
    form.addEventListener("submit", async (event) => {
      const button = event.submitter;
      if (!button || !button.formAction) return;
      event.preventDefault();
      const waiting = form.querySelector(".waiting");
      const bar = waiting.querySelector("progress");
      const say = (words, share) => {
        waiting.hidden = false;
        bar.hidden = false;
        waiting.querySelector("p").textContent = words;
        if (share === null) bar.removeAttribute("value");
        else bar.value = share;
      };
      const files = form.querySelector("input[type=file]").files;
      const data = new FormData(form);
      for (const other of all("button", form)) other.disabled = true;
      try {
        const request = await sendInTurn(form, button.formAction, data, say);
        // What was only checked is often submitted next; a changed file must be chosen again.
        show(request.responseText, button.classList.contains("main") ? null : files);
      } catch {
        say(form.dataset.failed, 0);
        bar.hidden = true;
        for (const other of all("button", form)) other.disabled = false;
      }
    });
  }

  /** An address may name a cell that is hidden with the rows nothing is wrong with. */
  function reveal() {
    let wanted = null;
    try {
      wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return;
    }
    for (let at = wanted; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
    }
    if (wanted) wanted.scrollIntoView({ block: "center", inline: "center" });
  }

  function begin(root) {
    for (const part of all(".script", root)) part.hidden = false;
    copyButtons(root);
    for (const form of all("form.upload", root)) {
      dropZone(form);
      upload(form);
    }
  }

  begin(document);
  const here = document.querySelector(".rooms li [aria-current]");
  if (here) here.scrollIntoView({ block: "nearest", inline: "center" });
  window.addEventListener("hashchange", reveal);
  if (location.hash) reveal();
})();
