// What the simulated Discord's page lacks for somebody who tries the bot: channels to choose, answers in view, and
// messages that are typed while another one is on its way.
(() => {
  const capability = location.hash.slice(1);
  const byId = (id) => document.getElementById(id);

  // --- Channels -------------------------------------------------------------------------------------------------
  async function showChannels() {
    const { names, current } = await (await fetch("/dealwire/channels")).json();
    const list = document.createElement("nav");
    list.className = "dealwire-channels";
    list.setAttribute("aria-label", "Channels");
    for (const name of names) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `#${name}`;
      button.disabled = name === current;
      if (name === current) button.setAttribute("aria-current", "page");
      button.addEventListener("click", () => void chooseChannel(name));
      list.append(button);
    }
    document.querySelector(".preview-brand")?.after(list);
  }

  // The page of another channel begins anew; whoever looks stays the same.
  const viewerKey = "dealwire-viewer";

  function keepViewer() {
    const chosen = byId("viewer-picker")?.selectedOptions[0];
    if (chosen) sessionStorage.setItem(viewerKey, chosen.textContent);
  }

  function restoreViewer() {
    const name = sessionStorage.getItem(viewerKey);
    const picker = byId("viewer-picker");
    if (!name || !picker) return;
    sessionStorage.removeItem(viewerKey);
    const choose = () => {
      const option = [...picker.options].find((each) => each.textContent === name);
      if (!option) return false;
      if (!option.selected) {
        picker.value = option.value;
        picker.dispatchEvent(new Event("change", { bubbles: true }));
      }
      return true;
    };
    if (choose()) return;
    const observer = new MutationObserver(() => choose() && observer.disconnect());
    observer.observe(picker, { childList: true });
  }

  async function chooseChannel(name) {
    keepViewer();
    const answer = await fetch(`/dealwire/channels/${encodeURIComponent(name)}`, {
      method: "POST",
      headers: { "X-Simcord-Capability": capability },
    });
    if (!answer.ok) return;
    location.replace((await answer.json()).url);
    location.reload();
  }

  // --- Typing ---------------------------------------------------------------------------------------------------
  const waiting = [];

  function setText(input, text) {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function watchComposer(form, send) {
    const notice = document.createElement("p");
    notice.className = "dealwire-waiting";
    notice.setAttribute("role", "status");
    form.append(notice);
    const getInput = () => form.querySelector("textarea");
    const report = () => {
      notice.textContent = waiting.length ? `Waiting to be sent: ${waiting.join(" · ")}` : "";
    };
    form.addEventListener(
      "submit",
      (event) => {
        const input = getInput();
        if (!input || !input.value.trim()) return;
        following = true;
        if (send.disabled) {
          event.preventDefault();
          event.stopImmediatePropagation();
          waiting.push(input.value);
          setText(input, "");
          report();
          return;
        }
        // The page has read the text when this runs, and empties the field only after the answer.
        setTimeout(() => setText(input, ""), 0);
      },
      { capture: true },
    );
    setInterval(() => {
      const input = getInput();
      if (!waiting.length || send.disabled || !input) return;
      const draft = input.value;
      setText(input, waiting.shift());
      report();
      form.requestSubmit();
      setTimeout(() => setText(input, draft), 0);
    }, 100);
  }

  // --- Answers in view --------------------------------------------------------------------------------------------
  let following = true;

  function watchTimeline(timeline, messages, newer) {
    const scroll = () => {
      if (!following) return;
      if (!newer.hidden) newer.click();
      timeline.scrollTop = timeline.scrollHeight;
    };
    const isAtEnd = () => timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < 40;
    for (const gesture of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      timeline.addEventListener(gesture, () => setTimeout(() => { following = isAtEnd(); }, 50), { passive: true });
    }
    new MutationObserver(() => requestAnimationFrame(scroll)).observe(messages, { childList: true, subtree: true });
    new ResizeObserver(scroll).observe(messages);
    new MutationObserver(scroll).observe(newer, { attributes: true, attributeFilter: ["hidden"] });
  }

  watchTimeline(byId("channel-timeline"), byId("channel-message-list"), byId("new-messages"));
  watchComposer(byId("channel-composer"), byId("send-message"));
  void showChannels();
  restoreViewer();
})();
