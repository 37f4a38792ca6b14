// What people do with a picture beyond words: menus, the canvas whose edges are dragged, two versions combined, a
// picture as the pattern of a new one, and locked phrases. What becomes of it, the server decides.
"use strict";
(() => {
  const find = (selector, inside = document) => inside.querySelector(selector);
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const limner = window.limner;
  const { _ } = limner;
  const here = () => new URLSearchParams(window.location.search).get("c") || "";

  // Menus are popovers: they open beside their button and stay there, and arrow keys go through them.
  const lay = (menu) => {
    const button = find(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
    const room = { width: document.documentElement.clientWidth, height: window.innerHeight };
    if (button.bottom < 0 || button.top > room.height) return menu.hidePopover();
    const box = menu.getBoundingClientRect();
    const below = button.bottom + 4 + box.height <= room.height;
    const start = document.documentElement.dir === "rtl" ? button.right - box.width : button.left;
    menu.style.left = Math.max(8, Math.min(start, room.width - box.width - 8)) + "px";
    menu.style.top = Math.max(8, below ? button.bottom + 4 : button.top - box.height - 4) + "px";
  };
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!menu.matches?.(".lm-menu") || event.newState !== "open") return;
    lay(menu);
    if (!menu.contains(document.activeElement)) items(menu)[0]?.focus();
  }, true);
  const items = (menu) => all('[role="menuitem"]', menu).filter((item) => item.offsetParent || item.getClientRects().length);
  document.addEventListener("keydown", (event) => {
    // A key may come before the menu that was just opened has taken the focus from its button.
    const opener = event.target.closest?.("[popovertarget]");
    const menu = event.target.closest?.(".lm-menu") || (opener && find(`#${opener.getAttribute("popovertarget")}:popover-open`));
    if (!menu) return;
    const every = items(menu);
    const at = Math.max(0, every.indexOf(event.target));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      every.at(to % every.length).focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      menu.hidePopover();
    }
  }, true);
  // A menu goes with its button when the page scrolls, which it does by itself when a picture comes.
  document.addEventListener("scroll", () => all(".lm-menu:popover-open").forEach(lay), true);

  // The canvas: the picture with a frame round it, whose edges go outwards in steps that the painter can paint.
  const SIDES = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };
  const MORE = {
    left: _("{count} pixels more on the left"), right: _("{count} pixels more on the right"),
    up: _("{count} pixels more above"), down: _("{count} pixels more below"),
  };
  const frame = { label: "", size: [0, 0], step: 1, most: 0, more: {}, scale: 1, from: null };
  function openCanvas(button) {
    const dialog = find("#lm-canvas");
    frame.label = button.dataset.canvas;
    frame.size = button.dataset.size.split(" ").map(Number);
    frame.step = Number(button.dataset.step);
    frame.most = Number(button.dataset.most);
    find("img", dialog).src = "/pictures/" + button.dataset.image;
    setMore({});
    dialog.showModal();
    measure();
    find(".lm-edge", dialog).focus();
  }
  const across = (side) => (SIDES[side][0] ? 0 : 1);
  const length = (axis) => {
    const ends = axis ? ["up", "down"] : ["left", "right"];
    return frame.size[axis] + frame.more[ends[0]] + frame.more[ends[1]];
  };
  // How far an edge may go: what is left of the largest canvas after its opposite edge.
  function room(side) {
    const most = largest(across(side)) - length(across(side)) + frame.more[side];
    return Math.max(0, Math.floor(most / frame.step) * frame.step);
  }
  // No more is added at once than there is: what lies further from the picture than that has little to do with it.
  const largest = (axis) => Math.min(frame.most, 2 * frame.size[axis]);
  const snapped = (side, value) => Math.min(room(side), Math.max(0, Math.round(value / frame.step) * frame.step));
  function setMore(more) {
    frame.more = { left: 0, right: 0, up: 0, down: 0, ...more };
    show();
  }
  function setEdge(side, value) {
    frame.more[side] = snapped(side, value);
    show();
  }
  function measure() {
    const stage = find("#lm-canvas .lm-stage");
    const margin = 28;
    frame.scale = Math.min(...[0, 1].map((axis) => {
      const wide = 2 * largest(axis) - frame.size[axis];
      return ((axis ? stage.clientHeight : stage.clientWidth) - 2 * margin) / wide;
    }));
    show();
  }
  function show() {
    const dialog = find("#lm-canvas");
    const view = find(".lm-frame", dialog);
    const [width, height] = frame.size;
    const { left, right, up, down } = frame.more;
    // The picture stands still in the middle while the frame grows round it.
    view.style.width = (width + left + right) * frame.scale + "px";
    view.style.height = (height + up + down) * frame.scale + "px";
    view.style.translate = ((right - left) / 2) * frame.scale + "px " + ((down - up) / 2) * frame.scale + "px";
    const image = find("img", view);
    image.style.left = left * frame.scale + "px";
    image.style.top = up * frame.scale + "px";
    image.style.width = width * frame.scale + "px";
    image.style.height = height * frame.scale + "px";
    for (const edge of all(".lm-edge", view)) {
      const side = edge.dataset.side;
      edge.setAttribute("aria-valuemax", room(side));
      edge.setAttribute("aria-valuenow", frame.more[side]);
      edge.setAttribute("aria-valuetext", MORE[side].replace("{count}", frame.more[side]));
    }
    const [now, tall] = [length(0), length(1)];
    const grown = now > width || tall > height;
    find("#lm-canvas-size").textContent = grown
      ? _("{width} × {height} pixels", { width: now, height: tall })
      : _("{width} × {height} pixels. Drag an edge outwards, or choose a shape.", { width, height });
    find("#lm-paint-rest").disabled = !grown;
    for (const button of all("[data-shape]", dialog)) {
      const more = shaped(button.dataset.shape);
      button.disabled = !more;
      button.setAttribute("aria-pressed", String(Boolean(more && grown && ["left", "right", "up", "down"].every((side) => more[side] === frame.more[side]))));
    }
  }
  // The smallest canvas of a shape that holds the picture in its middle; null where it is too large, or no larger.
  function shaped(shape) {
    const [wide, tall] = shape.split(":").map(Number);
    const [width, height] = frame.size;
    const more = { left: 0, right: 0, up: 0, down: 0 };
    const needs = [Math.max(0, (height * wide) / tall - width), Math.max(0, (width * tall) / wide - height)];
    const ends = [["left", "right"], ["up", "down"]];
    for (const axis of [0, 1]) {
      const steps = Math.round(needs[axis] / frame.step);
      more[ends[axis][0]] = Math.floor(steps / 2) * frame.step;
      more[ends[axis][1]] = Math.ceil(steps / 2) * frame.step;
      if (frame.size[axis] + steps * frame.step > largest(axis)) return null;
    }
    return Object.values(more).some(Boolean) ? more : null;
  }
  document.addEventListener("pointerdown", (event) => {
    const edge = event.target.closest?.(".lm-edge");
    if (!edge || event.button) return;
    event.preventDefault();
    edge.focus();
    edge.setPointerCapture(event.pointerId);
    frame.from = { side: edge.dataset.side, at: [event.clientX, event.clientY], more: frame.more[edge.dataset.side] };
  });
  document.addEventListener("pointermove", (event) => {
    if (!frame.from) return;
    const { side, at, more } = frame.from;
    const axis = across(side);
    const by = ([event.clientX, event.clientY][axis] - at[axis]) * SIDES[side][axis];
    setEdge(side, more + by / frame.scale);
  });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (frame.from = null));
  document.addEventListener("keydown", (event) => {
    const edge = event.target.closest?.(".lm-edge");
    if (!edge) return;
    const side = edge.dataset.side;
    const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = keys[event.key];
    let value = frame.more[side];
    if (way) value += (way[0] * SIDES[side][0] + way[1] * SIDES[side][1]) * frame.step;
    else if (event.key === "Home") value = 0;
    else if (event.key === "End") value = room(side);
    else return;
    event.preventDefault();
    setEdge(side, value);
  });
  window.addEventListener("resize", () => find("#lm-canvas")?.open && measure());

  // Two versions: one gives something to the other, or they are compared.
  function choose(select, without) {
    const others = limner.rows().filter((row) => row.dataset.version !== without);
    select.replaceChildren(...others.map((row) => new Option(limner.called(row), row.dataset.version)));
  }
  function openMerge(button) {
    const dialog = find("#lm-merge");
    dialog.dataset.version = button.dataset.merge;
    find("#lm-base", dialog).src = "/pictures/" + button.dataset.image;
    find("#lm-base + figcaption", dialog).textContent = button.dataset.merge;
    choose(find("#lm-giver", dialog), button.dataset.merge);
    find("#lm-taken", dialog).value = "";
    showGiver();
    dialog.showModal();
    find("#lm-taken", dialog).focus();
  }
  function showGiver() {
    const label = find("#lm-giver").value;
    const row = limner.rows().find((one) => one.dataset.version === label);
    if (row) find("#lm-given").src = "/pictures/" + row.dataset.image;
  }

  // A picture as the pattern of a new one.
  function refer(button) {
    const { refer: role, version } = button.dataset;
    const label = { label: version };
    const names = {
      layout: _("A new picture in the layout of {label}", label),
      subject: _("A new picture of what {label} shows", label),
      style: _("A new picture in the style of {label}", label),
    };
    if (role === "layout" || "held" in button.dataset) limner.hold(role + ":" + version, names[role]);
    else {
      limner.hold("new", _("A new picture"));
      limner.hand("click", { do: "refer", role, version });
    }
    find("#message textarea").focus();
  }

  // Locked phrases: asked for when a prompt is opened, and shown below it. One question at a time: an older answer that
  // came after a newer one would hide what was just locked. One that fails, or never comes, holds up none of the others.
  let answered = Promise.resolve();
  const PATIENCE = 20000;
  function askLocks(box, change) {
    const asked = { c: here(), v: box.dataset.locks };
    answered = answered.then(() => askLocksNow(asked, change)).catch(() => {});
  }
  async function askLocksNow(asked, change) {
    const address = "/locks?" + new URLSearchParams(asked);
    const request = change && { method: "POST", body: JSON.stringify(change), headers: { "Content-Type": "application/json" } };
    const answer = await fetch(address, { ...request, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
    if (!answer?.ok) {
      const text = answer ? await answer.text() : _("The lock could not be sent; is Limner still running?");
      return limner.hand("click", { do: "trouble", text });
    }
    const { locked } = await answer.json().catch(() => ({}));
    if (!locked || here() !== asked.c) return; // the connection broke, which the page tells by itself, or it was left
    for (const other of all(`[data-locks="${asked.v}"]`)) showLocks(other, locked);
  }
  function showLocks(box, locked) {
    box.hidden = !locked.length;
    box.replaceChildren(...locked.map((phrase) => {
      const line = document.createElement("li");
      const words = document.createElement("span");
      words.dir = "auto";
      words.textContent = phrase;
      const open = document.createElement("button");
      open.type = "button";
      open.className = "lm-icon";
      open.textContent = "✕";
      open.dataset.unlock = phrase;
      open.setAttribute("aria-label", _("Unlock “{phrase}”", { phrase }));
      line.append(words, open);
      return line;
    }));
  }
  function lock(button) {
    const host = button.closest(".lm-prompt-tools");
    const box = find("[data-locks]", host.parentElement);
    const prompt = find(".lm-prompt", host.parentElement);
    const selection = window.getSelection();
    const inside = selection.rangeCount && prompt.contains(selection.anchorNode) && prompt.contains(selection.focusNode);
    const phrase = inside ? selection.toString().trim() : "";
    if (phrase) return askLocks(box, { phrase, locked: true });
    limner.openEditor(host, "", {
      label: _("The words of the prompt to lock"), send: _("Lock"), lines: 1,
      then: (words) => askLocks(box, { phrase: words, locked: true }),
    });
  }
  // A press would take the selection away before it is read.
  document.addEventListener("pointerdown", (event) => event.target.closest?.("[data-lock]") && event.preventDefault());

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    let button;
    if ((button = at("[data-canvas]"))) openCanvas(button);
    else if ((button = at("[data-merge]"))) openMerge(button);
    else if ((button = at("[data-with]"))) {
      const label = button.dataset.with;
      const other = limner.rows().map((row) => row.dataset.version).filter((one) => one !== label).pop();
      limner.openCompare(other + " " + label);
    } else if ((button = at("[data-refer]"))) refer(button);
    else if ((button = at("[data-lock]"))) lock(button);
    else if ((button = at("[data-unlock]"))) askLocks(button.closest("[data-locks]"), { phrase: button.dataset.unlock, locked: false });
    else if ((button = at("[data-shape]"))) setMore(shaped(button.dataset.shape));
    else if (at("#lm-canvas-back")) setMore({});
    if ((button = at(".lm-menu .lm-item"))) button.closest(".lm-menu").hidePopover();
    if ((button = at("[data-toggle^=prompt-]"))) {
      const box = document.getElementById(button.dataset.toggle);
      box.scrollIntoView({ block: "nearest" });
      askLocks(find("[data-locks]", box));
    }
  });
  document.addEventListener("toggle", (event) => {
    const box = event.target.open && event.target.matches?.("details") && find("[data-locks]", event.target);
    if (box) askLocks(box);
  }, true);
  document.addEventListener("input", (event) => event.target.id === "lm-giver" && showGiver());
  document.addEventListener("submit", (event) => {
    if (event.submitter?.id === "lm-paint-rest") {
      limner.act({ do: "extend", version: frame.label, ...Object.fromEntries(Object.entries(frame.more).map(([side, more]) => [side, String(more)])) });
    } else if (event.submitter?.id === "lm-combine") {
      const dialog = find("#lm-merge");
      limner.act({ do: "merge", version: dialog.dataset.version, other: find("#lm-giver").value, text: find("#lm-taken").value.trim() });
    }
  });
})();
