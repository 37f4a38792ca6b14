// What the page does by itself: hands presses and keys on to ui/web/doing.py, opens drawers, dialogs and editors.
// It holds no state of a conversation; whatever is shown came as HTML from the server, in pieces that it lays out.
"use strict";
window.limner = (() => {
  // Texts are in the language of the page, which the server put into its head (ui/web/wording.py).
  const _ = (text, values = {}) =>
    (window.limnerTexts?.[text] || text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  let trigger = null;
  const waiting = [];
  const find = (selector, inside = document) => inside.querySelector(selector);
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const here = () => new URLSearchParams(window.location.search).get("c") || "";
  const fine = window.matchMedia("(pointer: fine)");

  function hand(kind, data) {
    if (kind === "click") awake();
    if (trigger) trigger(kind, data);
    else waiting.push([kind, data]);
  }
  function connect(given) {
    trigger = given;
    waiting.splice(0).forEach(([kind, data]) => trigger(kind, data));
  }
  function act(data) {
    stick = true;
    closeDrawers();
    hand("click", data);
    if (fine.matches && data.do !== "delete" && data.do !== "rename") find("#message textarea")?.focus();
  }

  // An answer that comes as gradio closes the stream that answers share lies in the server until something else is
  // asked: where nothing is heard for a while, something is asked that does nothing.
  const SILENCE = 2500;
  let heard = 0;
  function awake() {
    const before = heard;
    setTimeout(() => heard === before && hand("release", {}), SILENCE);
  }

  // Until the first answer there is no conversation: the same words sent at once again would begin a second one.
  const AT_ONCE = 1000;
  let begun = { text: "", at: 0 };
  function isTwice(text) {
    const before = begun;
    begun = { text, at: performance.now() };
    return !here() && text === before.text && begun.at - before.at < AT_ONCE;
  }

  // Sheets: pieces of HTML by key. The server sends those that changed (ui/web/sheets.py); who missed some asks for all.
  let state = "";
  let isArrived = false;
  let arrive = null;
  const arrived = new Promise((resolve) => (arrive = resolve)); // the first conversation, or an empty page, is there
  const late = new Map(); // pieces that wait until an editor in their place is closed
  const KEPT = ["open", "hidden", "aria-expanded"]; // what the person opened stays open
  function receive(news) {
    heard += 1;
    const patches = news?.patches;
    if (!patches || patches.at(-1).to === state) return;
    let first = patches.findIndex((patch) => state && patch.from === state);
    if (first < 0) first = patches.findLastIndex((patch) => patch.from === "");
    if (first < 0) return hand("click", { do: "all" });
    for (const patch of patches.slice(first)) {
      for (const [name, changes] of Object.entries(patch.sheets)) layOut(name, changes, patch.from === "");
      state = patch.to;
    }
    describe();
    nameAddress(news.conversation);
    if (!isArrived) restoreDraft();
    else if (draft().isSent) keepDraft("");
    isArrived = true;
    setTimeout(arrive, 50); // once it is drawn
  }
  function layOut(name, changes, isWhole) {
    const sheet = find(`[data-sheet="${name}"]`);
    const put = changes.put || [];
    const pieces = new Map([...sheet.children].map((piece) => [piece.dataset.key, piece]));
    const fresh = new Set(put.map(([key]) => key));
    for (const key of isWhole ? [...pieces.keys()].filter((key) => !fresh.has(key)) : changes.drop || []) {
      pieces.get(key)?.remove();
      pieces.delete(key);
      late.delete(name + key);
    }
    for (const [key, before, html] of put) {
      const made = madeOf(html);
      made.dataset.key = key;
      const old = pieces.get(key);
      if (old && find(".lm-editor", old)) late.set(name + key, { old, made });
      else if (old) pieces.set(key, overlay(old, made));
      else {
        if (pieces.has(before)) pieces.get(before).after(made);
        else sheet.prepend(made);
        pieces.set(key, made);
      }
    }
    for (const key of changes.order || []) sheet.append(pieces.get(key));
    if (name === "tree") {
      const renamed = rows().find((row) => row.dataset.version === renaming);
      renaming = "";
      rows().forEach((row) => row.setAttribute("aria-pressed", String(renamed ? row === renamed : row.hasAttribute("aria-current"))));
    }
  }
  function madeOf(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }
  function overlay(old, made) {
    if (old.nodeName !== made.nodeName) {
      old.replaceWith(made);
      return made;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== made.data) old.data = made.data;
      return old;
    }
    if (old.dataset.locks && old.dataset.locks === made.dataset.locks) return old; // filled by canvas.js
    for (const { name } of [...old.attributes]) if (!made.hasAttribute(name) && !KEPT.includes(name)) old.removeAttribute(name);
    for (const { name, value } of made.attributes) {
      if (old.getAttribute(name) !== value && !KEPT.includes(name)) old.setAttribute(name, value);
    }
    const [before, after] = [[...old.childNodes], [...made.childNodes]];
    after.forEach((node, at) => (before[at] ? overlay(before[at], node) : old.append(node)));
    before.slice(after.length).forEach((node) => node.remove());
    return old;
  }
  function catchUp() {
    for (const [key, { old, made }] of late) {
      if (find(".lm-editor", old)) continue;
      late.delete(key);
      overlay(old, made);
    }
  }

  // What is being written outlives a reload, in which every lost connection ends. What arrived is not written again.
  const DRAFT = "limner-draft";
  const draft = () => JSON.parse(window.sessionStorage.getItem(DRAFT) || "{}");
  function keepDraft(text, isSent = false) {
    if (text.trim()) window.sessionStorage.setItem(DRAFT, JSON.stringify({ text, isSent }));
    else window.sessionStorage.removeItem(DRAFT);
  }
  function restoreDraft() {
    const { text, isSent } = draft();
    const field = find("#message textarea");
    const last = all(".lm-turn .lm-said .lm-words").at(-1);
    if (!text || field.value || (isSent && last?.textContent.startsWith(text.trim()))) return keepDraft(field.value);
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  window.addEventListener("pagehide", () => {
    const written = find(".lm-editor textarea")?.value;
    if (written && !draft().text) keepDraft(written);
  });

  // Scrolling: stay at the newest message unless the person scrolled away from it.
  let stick = true;
  function settle() {
    const scroll = find("#scroll");
    if (scroll && stick) scroll.scrollTop = find(".lm-turn", scroll) ? scroll.scrollHeight : 0;
  }

  // Editors: a message, a prompt or a title becomes a field for a moment.
  function openEditor(host, text, { label, send, lines, then, mayBeEmpty = false, back = null }) {
    const form = document.createElement("form");
    form.className = "lm-editor";
    const field = document.createElement(lines > 1 ? "textarea" : "input");
    field.value = text;
    field.setAttribute("aria-label", label);
    field.dir = "auto";
    if (lines > 1) field.rows = lines;
    const close = () => {
      form.remove();
      host.hidden = false;
      back?.focus();
      catchUp();
    };
    const button = (name, type) => {
      const made = document.createElement("button");
      made.type = type;
      made.className = "lm-tool";
      made.textContent = name;
      return made;
    };
    const keep = button(_("Cancel"), "button");
    keep.addEventListener("click", close);
    form.append(field, button(send, "submit"), keep);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const written = field.value.trim();
      close();
      if (written || mayBeEmpty) then(written);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === field) {
        event.preventDefault();
        form.requestSubmit();
      } else if (event.key === "Escape") {
        event.stopPropagation();
        close();
      }
    });
    host.hidden = true;
    host.after(form);
    field.focus();
    field.select();
  }
  function askDelete(button, { entry = button.closest("li"), question = _("Delete it for good, pictures too?"), back = null, next = null } = {}) {
    const form = document.createElement("form");
    form.className = "lm-editor lm-ask";
    form.innerHTML =
      '<span></span><button class="lm-tool lm-danger"></button><button type="button" class="lm-tool"></button>';
    [question, _("Delete"), _("Keep")].forEach((text, at) => (form.children[at].textContent = text));
    const close = () => {
      form.remove();
      entry.hidden = false;
      back?.focus();
      catchUp();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      close();
      next?.focus();
      hand("click", { ...button.dataset });
    });
    form.lastChild.addEventListener("click", close);
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    });
    entry.hidden = true;
    entry.after(form);
    form.lastChild.focus();
  }
  const edits = {
    edit(button) {
      const words = find(".lm-words", button.closest(".lm-said"));
      openEditor(words, words.dataset.words ?? words.textContent, {
        label: _("Your message, to change"), send: _("Send"), lines: 3,
        then: (text) => act({ ...button.dataset, text }),
      });
    },
    exact(button) {
      const prompt = find(".lm-prompt", button.closest(".lm-prompt-tools").parentElement);
      openEditor(prompt, prompt.textContent, {
        label: _("The prompt, to change"), send: _("Paint exactly this"), lines: 6,
        then: (text) => act({ ...button.dataset, text }),
      });
    },
    rename(button) {
      openEditor(button.closest("li"), button.dataset.title, {
        label: _("The new title"), send: _("Rename"), lines: 1,
        then: (text) => hand("click", { ...button.dataset, text }),
      });
    },
    delete: (button) => askDelete(button),
    "rename-version"(button) {
      const { label, title } = button.dataset;
      const row = rowOf(label);
      openEditor(row.parentElement, title, {
        label: _("A name for {label}; empty for none", { label }), send: _("Rename"), lines: 1, mayBeEmpty: true, back: row,
        then: (text) => {
          if (text === title) return;
          renaming = label;
          hand("click", { ...button.dataset, text });
        },
      });
    },
    "delete-version"(button) {
      const { label } = button.dataset;
      const row = rowOf(label);
      const at = rows().indexOf(row);
      askDelete(button, {
        entry: row.parentElement, back: row, next: rows()[at + 1] || rows()[at - 1] || find("#message textarea"),
        question: _("Delete {label} for good? What was made from it stays.", { label }),
      });
    },
  };

  // Versions: which one is looked at.
  const rows = () => all("#tree .lm-row");
  const rowOf = (label) => rows().find((row) => row.dataset.version === label);
  const called = (row) => row.dataset.version + (row.dataset.name ? " – " + row.dataset.name : "");
  let renaming = ""; // is looked at once it has its name
  let looking = 0;
  let looked = { c: "", version: "" }; // where, and at which: gradio keeps of several presses the first one's own data
  let asked = "";
  function look(row) {
    rows().forEach((other) => other.setAttribute("aria-pressed", String(other === row)));
    row.scrollIntoView({ block: "nearest" });
    clearTimeout(looking);
    looked = { c: here(), version: row.dataset.version };
    looking = setTimeout(() => hand("select", {}), 60);
  }
  function looks(values) {
    asked = here();
    values[values.length - 1] = looked.c === asked ? looked.version : "";
    return values;
  }
  // A picture that comes after its conversation was left gives way to the one that is current now.
  function shown() {
    if (asked !== here()) hand("select", {});
  }
  function step(by) {
    const every = rows();
    const at = every.findIndex((row) => row.getAttribute("aria-pressed") === "true");
    const next = every[Math.min(every.length - 1, Math.max(0, at + by))];
    if (!next) return;
    if (find("#tree").contains(document.activeElement)) next.focus();
    look(next);
  }

  // Dialogs.
  function openLarge(link) {
    const dialog = find("#lm-large");
    const shown = find("img", link);
    const large = find("img", dialog);
    large.src = link.href;
    large.alt = shown.alt;
    dialog.showModal();
  }
  function openCompare(pair) {
    const dialog = find("#lm-compare");
    const [left, right] = pair.split(" ");
    for (const [select, label] of [["#lm-left", left], ["#lm-right", right]]) {
      find(select).replaceChildren(...rows().map((row) => new Option(called(row), row.dataset.version)));
      find(select).value = label;
    }
    showCompared();
    dialog.showModal();
  }
  function showCompared() {
    const pairs = [["#lm-over", "#lm-left", _("Left")], ["#lm-under", "#lm-right", _("Right")]];
    for (const [image, select, side] of pairs) {
      const row = rows().find((one) => one.dataset.version === find(select).value);
      if (!row) continue;
      find(image).src = "/pictures/" + row.dataset.image;
      find(image).alt = side + ": " + row.textContent;
    }
    find(".lm-stack").style.setProperty("--share", find("#lm-share").value + "%");
  }

  // The line between the two is also drawn by hand, with the mouse or a finger, on the pictures themselves.
  for (const kind of ["pointerdown", "pointermove"]) {
    document.addEventListener(kind, (event) => {
      const stack = event.target.closest?.("#lm-compare .lm-stack");
      if (!stack || (kind === "pointermove" && !stack.hasPointerCapture(event.pointerId)) || event.button > 0) return;
      if (kind === "pointerdown") stack.setPointerCapture(event.pointerId);
      const box = stack.getBoundingClientRect();
      find("#lm-share").value = (100 * (event.clientX - box.left)) / box.width;
      showCompared();
    });
  }

  // What a picture shows, as the captioner sees it, is asked for when it comes into view. Until then its prompt says it.
  const captions = new Map(); // by the picture's address
  let isCaptioned = true;
  const seen = new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting && caption(entry.target)));
  async function caption(image) {
    seen.unobserve(image);
    const address = image.closest("a.lm-easel")?.getAttribute("href");
    if (!address || !isCaptioned) return;
    if (!captions.has(address)) {
      captions.set(address, "");
      const answer = await fetch(address.replace("/pictures/", "/captions/")).catch(() => null);
      const said = answer?.ok ? (await answer.json()).caption : "";
      if (said === null) isCaptioned = false;
      else captions.set(address, said);
    }
    describe();
  }
  function describe() {
    for (const image of all("a.lm-easel img")) {
      const said = captions.get(image.parentElement.getAttribute("href"));
      if (said) image.alt = image.parentElement.dataset.large + ": " + said;
      else if (said === undefined && isCaptioned) seen.observe(image);
    }
  }

  // Drawers and options.
  let opener = null;
  function toggleDrawer(button) {
    const drawer = document.getElementById(button.dataset.drawer);
    const open = !drawer.classList.contains("lm-open");
    closeDrawers();
    if (!open) return;
    drawer.classList.add("lm-open");
    document.body.classList.add("lm-drawer-open");
    button.setAttribute("aria-expanded", "true");
    opener = button;
    setTimeout(() => find("button, a, input", drawer)?.focus(), 50);
  }
  function closeDrawers() {
    const open = find(".lm-open");
    if (!open) return false;
    open.classList.remove("lm-open");
    document.body.classList.remove("lm-drawer-open");
    all("[data-drawer]").forEach((button) => button.setAttribute("aria-expanded", "false"));
    opener?.focus();
    return true;
  }
  function showOptions(open) {
    find("#options").classList.toggle("lm-shown", open);
    find("#options-button").setAttribute("aria-expanded", String(open));
  }
  function nameOptions() {
    const set = [];
    const many = find("#count input:checked")?.value;
    if (many > 1) set.push("×" + many);
    const style = find("#style input");
    if (style && style.value !== _("As it comes")) set.push(style.value.toLocaleLowerCase(document.documentElement.lang));
    const painter = find("#painter input"); // there where one can choose
    if (painter?.value) set.push(painter.value);
    const [seed, exact, check] = all("#options input[type=checkbox]");
    if (seed?.checked) set.push(_("seed"));
    if (exact?.checked) set.push(_("exact"));
    if (check && !check.checked) set.push(_("unchecked"));
    find("#options-set").textContent = set.join(" ");
    const button = find("#options-button"); // it is called by what it shows, too
    button.dataset.name ??= button.getAttribute("aria-label");
    button.setAttribute("aria-label", [button.dataset.name, ...set].join(" "));
  }

  // A person's own picture: chosen, dropped or pasted. The server checks it and says which conversation it is in.
  async function bring(file) {
    const before = here();
    let trouble = _("The picture could not be sent; is Limner still running?");
    try {
      const answer = await fetch("/pictures?c=" + encodeURIComponent(before), {
        method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" },
      });
      const { conversation } = answer.ok ? await answer.json() : {};
      // Who went to another conversation meanwhile stays there, and finds the picture in the list.
      if (conversation) return here() === before ? act({ do: "open", conversation }) : hand("click", { do: "all" });
      trouble = await answer.text();
    } catch {
      // nothing came back; the sentence above says so
    }
    hand("click", { do: "trouble", text: trouble });
  }
  const pictureOf = (data) => [...(data?.files || [])].find((file) => file.type.startsWith("image/"));
  document.addEventListener("change", (event) => {
    if (event.target.id !== "lm-file" || !event.target.files.length) return;
    bring(event.target.files[0]);
    event.target.value = "";
  });
  document.addEventListener("dragover", (event) => {
    if ([...(event.dataTransfer?.types || [])].includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    bring(event.dataTransfer.files[0]);
  });
  document.addEventListener("paste", (event) => {
    const file = pictureOf(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    bring(file);
  });

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    if (event.target.nodeName === "DIALOG") return event.target.close();
    if (at("[data-close]")) return at("dialog").close();
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
    let button;
    if ((button = at("[data-do]"))) {
      if (button.href && !plain) return;
      event.preventDefault();
      const name = button.dataset.do;
      if (edits[name]) edits[name](button);
      else if (name === "look") look(button);
      else if (name === "wish" && isTwice(button.dataset.text)) return;
      else act({ ...button.dataset });
    } else if ((button = at("[data-toggle]"))) {
      const box = document.getElementById(button.dataset.toggle);
      box.hidden = !box.hidden;
      if (button.hasAttribute("aria-expanded")) button.setAttribute("aria-expanded", String(!box.hidden));
    } else if ((button = at("[data-large]")) && plain) {
      event.preventDefault();
      openLarge(button);
    } else if ((button = at("[data-compare]"))) openCompare(button.dataset.compare);
    else if ((button = at("[data-drawer]"))) toggleDrawer(button);
    else if (at("[data-bring]")) find("#lm-file").click();
    else if (at("[data-options]")) showOptions(!find("#options").classList.contains("lm-shown"));
    else if (at("#new, #send")) stick = true;
    if (at("#new")) closeDrawers();
    else if (!at(".lm-open, [data-drawer], dialog, .toast-wrap")) closeDrawers();
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("#lm-share, #lm-left, #lm-right")) showCompared();
    if (event.target.closest("#options")) setTimeout(nameOptions, 50);
    if (event.target.closest("#message")) keepDraft(event.target.value);
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || find("dialog[open]")) return;
    const typing = event.target.matches("input, textarea, select, [contenteditable]");
    const message = event.target.closest("#message");
    if (event.key === "Enter" && message && !event.shiftKey) stick = true;
    if (event.key === "Escape") {
      const stop = find("button#stop, #stop button");
      if (closeDrawers()) return;
      if (find("#options")?.classList.contains("lm-shown")) showOptions(false);
      else if (stop && stop.offsetParent) stop.click();
      else if (message) event.target.blur();
      return;
    }
    if (typing) return;
    const inTree = event.target.closest("#tree");
    const tended = { F2: "rename-version", Delete: "delete-version" }[event.key];
    const leaf = tended && !event.target.closest(".lm-menu") && event.target.closest("#tree .lm-leaf");
    if (leaf) {
      event.preventDefault();
      return edits[tended](find(`[data-do="${tended}"]`, leaf));
    }
    const steps = { ArrowLeft: -1, ArrowRight: 1, ...(inTree ? { ArrowUp: -1, ArrowDown: 1 } : {}) };
    if (event.key in steps) {
      event.preventDefault();
      step(steps[event.key]);
    } else if (event.key === "u" || event.key === "U") {
      event.preventDefault();
      stick = true;
      hand("click", { do: "undo" });
    }
  });
  window.addEventListener("popstate", () => window.location.reload());

  // The address names the conversation that is shown.
  function nameAddress(conversation) {
    if (conversation === here()) return;
    window.limner.hold(""); // which was for a message in the one that is left
    const query = conversation ? "?c=" + encodeURIComponent(conversation) : "";
    window.history.pushState(null, "", window.location.pathname + query);
  }

  // gradio's messages are buttons with a button inside, which screen readers cannot tell apart.
  new MutationObserver(() => {
    for (const head of all('.toast-header[role="button"]')) ["role", "tabindex"].forEach((name) => head.removeAttribute(name));
  }).observe(document.documentElement, { childList: true, subtree: true });

  function furnish() {
    const roles = [["#talk", "main", _("Conversation")], ["#past", "navigation", _("History")], ["#side", "complementary", _("Versions")]];
    for (const [selector, role, label] of roles) {
      find(selector).setAttribute("role", role);
      find(selector).setAttribute("aria-label", label);
    }
    for (const field of all("#message textarea, #search textarea, #search input")) field.dir = "auto";
    const scroll = find("#scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", _("Messages"));
    scroll.addEventListener("scroll", () => {
      stick = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
    }, { passive: true });
    new MutationObserver(settle).observe(scroll, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });
    // The painter is named in the same breath in which options come back as they were left.
    new MutationObserver(describe).observe(find("#desk"), { childList: true, subtree: true });
    new MutationObserver(() => setTimeout(nameOptions, 60)).observe(find("#bar"), { childList: true, subtree: true, characterData: true });
    // What comes into view is laid out only then, and may turn out higher than was guessed.
    const grown = new ResizeObserver(settle);
    [scroll, find("#chat"), find("#live")].forEach((part) => grown.observe(part));
    settle();
  }
  const arriving = new MutationObserver(() => {
    if (!["#scroll", "#chat", "#live", "#shelf", "#bar", "#desk"].every((part) => find(part))) return;
    arriving.disconnect();
    furnish();
  });
  arriving.observe(document.documentElement, { childList: true, subtree: true });

  // A language that is chosen is remembered for this person by a cookie; the page then comes in it.
  document.addEventListener("change", async (event) => {
    if (!event.target.matches("[data-language]")) return;
    const chosen = new URLSearchParams({ code: event.target.value });
    const answer = await fetch("/language", { method: "POST", body: chosen }).catch(() => null);
    if (answer?.ok) return window.location.reload();
    hand("click", { do: "trouble", text: _("The language could not be sent; is Limner still running?") });
  });

  return { _, arrived, connect, receive, nameOptions, hand, act, awake, isTwice, looks, shown, rows, called, openEditor, openCompare, keepDraft };
})();
