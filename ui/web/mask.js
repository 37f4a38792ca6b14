// The mask: what is painted on the canvas is what may change. Brush, eraser, box and whole things, for the mouse, a
// finger and the keys. Also what the next message is held to: a mask, or a picture as the pattern of a new one.
"use strict";
Object.assign(window.limner, (() => {
  const { _ } = window.limner;
  const find = (selector, inside = document) => inside.querySelector(selector);
  const here = () => new URLSearchParams(window.location.search).get("c") || "";
  const UNDONE_MOST = 12;

  // What holds for the next message alone; the server reads it from the last of the values that are sent.
  let held = null;
  function hold(value, words) {
    held = value ? { value, words } : null;
    const note = find("#lm-masked");
    note.hidden = !held;
    if (held) find("span", note).textContent = words;
  }
  let coming = null; // a mask on its way, which tells whether it arrived
  const PATIENCE = 20000;
  async function sends(values) {
    const nothing = ["", ...values.slice(1)]; // the words stay in their box
    if (window.limner.isTwice(String(values[0]))) return nothing;
    if (coming && !(await coming)) return nothing;
    values[values.length - 1] = held ? held.value : "";
    if (String(values[0]).trim()) {
      window.limner.keepDraft(String(values[0]), true);
      hold("");
      window.limner.awake();
    }
    return values;
  }

  let canvas = null;
  let pen = null;
  let colour = "";
  const sketch = { label: "", from: null, at: null, corner: null, before: null, undone: [], things: null, asked: null };

  function openMask(button) {
    const dialog = find("#lm-mask");
    canvas = find("canvas", dialog);
    [canvas.width, canvas.height] = button.dataset.size.split(" ").map(Number);
    pen = canvas.getContext("2d", { willReadFrequently: true });
    colour = getComputedStyle(dialog).getPropertyValue("--lm-accent").trim();
    find(".lm-stack", dialog).style.aspectRatio = canvas.width / canvas.height;
    find("img", dialog).src = "/pictures/" + button.dataset.image;
    Object.assign(sketch, {
      label: button.dataset.mask, from: null, corner: null, before: null, undone: [], things: null, asked: null,
      at: [canvas.width / 2, canvas.height / 2],
    });
    const thing = find('[value="thing"]', dialog);
    thing.closest("label").hidden = !button.dataset.points;
    if (thing.checked && !button.dataset.points) find('[value="brush"]', dialog).checked = true;
    dialog.returnValue = "";
    showCursor();
    say("");
    dialog.showModal();
    canvas.focus();
  }
  const brush = () => (Number(find("#lm-brush").value) / 100) * Math.max(canvas.width, canvas.height);
  const way = () => find('#lm-mask [name="lm-way"]:checked').value;
  function say(words) {
    find("#lm-found").textContent = words || _("Outside of it every pixel stays as it is. Then say what shall be there.");
  }
  const picture = () => pen.getImageData(0, 0, canvas.width, canvas.height);
  function remember(before = picture()) {
    sketch.undone.push(before);
    if (sketch.undone.length > UNDONE_MOST) sketch.undone.shift();
  }
  function undo() {
    const before = sketch.undone.pop();
    sketch.things = sketch.asked = null;
    sketch.corner = null;
    if (before) pen.putImageData(before, 0, 0);
    say(before ? "" : _("There is nothing to undo."));
  }
  function clear() {
    remember();
    pen.clearRect(0, 0, canvas.width, canvas.height);
  }
  function invert() {
    remember();
    const was = canvas.cloneNode();
    was.getContext("2d").drawImage(canvas, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.globalCompositeOperation = "destination-out";
    pen.drawImage(was, 0, 0);
    pen.globalCompositeOperation = "source-over";
  }
  function stroke(from, to) {
    pen.strokeStyle = colour;
    pen.globalCompositeOperation = way() === "erase" ? "destination-out" : "source-over";
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = 2 * brush();
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(to[0] + 0.01, to[1]);
    pen.stroke();
    pen.globalCompositeOperation = "source-over";
  }
  function fillBox(from, to) {
    pen.fillStyle = colour;
    pen.fillRect(from[0], from[1], to[0] - from[0], to[1] - from[1]);
  }
  function pointOf(event) {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * canvas.width, ((event.clientY - box.top) / box.height) * canvas.height];
  }
  document.addEventListener("pointerdown", (event) => {
    if (!canvas || event.target !== canvas || event.button) return;
    const at = pointOf(event);
    if (way() === "thing") return selectThing(at);
    canvas.setPointerCapture(event.pointerId);
    sketch.from = sketch.at = at;
    sketch.before = picture();
    remember(sketch.before);
    if (way() !== "box") stroke(at, at);
  });
  document.addEventListener("pointermove", (event) => {
    if (!canvas || event.target !== canvas || !sketch.from) return;
    const to = pointOf(event);
    if (way() === "box") {
      pen.putImageData(sketch.before, 0, 0);
      fillBox(sketch.from, to);
    } else stroke(sketch.at, to);
    sketch.at = to;
  });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (sketch.from = null));

  // By keys: arrows move the brush, the space bar paints, erases, sets a box's two corners or selects the thing there.
  function showCursor() {
    canvas.style.setProperty("--x", (100 * sketch.at[0]) / canvas.width + "%");
    canvas.style.setProperty("--y", (100 * sketch.at[1]) / canvas.height + "%");
  }
  function moveBrush(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const by = moves[event.key];
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return undo();
    }
    if (!by && event.key !== " ") return;
    event.preventDefault();
    if (by) {
      const step = Math.max(canvas.width, canvas.height) / (event.shiftKey ? 96 : 24);
      const inside = (value, most) => Math.min(most, Math.max(0, value));
      sketch.at = [inside(sketch.at[0] + by[0] * step, canvas.width), inside(sketch.at[1] + by[1] * step, canvas.height)];
      return showCursor();
    }
    if (way() === "thing") return selectThing(sketch.at);
    if (way() === "box") {
      if (!sketch.corner) {
        sketch.corner = sketch.at;
        return say(_("One corner is set; move to the other and press the space bar again."));
      }
      remember();
      fillBox(sketch.corner, sketch.at);
      sketch.corner = null;
      return say("");
    }
    remember();
    stroke(sketch.at, sketch.at);
  }

  // A thing: the server says which parts of the picture lie under a point, the smallest first; each further press at
  // the same place takes the next larger one. What is undone, opened anew or asked again makes an older answer void.
  async function selectThing(at) {
    const [x, y] = [at[0], at[1]].map((value, axis) => Math.min(Math.floor(value), (axis ? canvas.height : canvas.width) - 1));
    const asked = (sketch.asked = {});
    const isLate = () => sketch.asked !== asked || !find("#lm-mask").open;
    say(_("Looking what is there …"));
    const query = new URLSearchParams({ c: here(), v: sketch.label, x, y });
    const answer = await fetch("/parts?" + query).catch(() => null);
    const trouble = answer ? !answer.ok && (await answer.text()) : _("Nothing came back; is Limner still running?");
    const { parts } = trouble ? {} : await answer.json();
    if (isLate()) return;
    if (trouble) return say(trouble);
    if (!parts.length) return say(_("No thing that the prompt names was found there; paint over it instead."));
    const names = parts.map((part) => part.name).join("\n");
    const isAgain = sketch.things?.names === names;
    const next = isAgain ? (sketch.things.at + 1) % parts.length : 0;
    const part = parts[next];
    const shape = new Image();
    shape.src = "data:image/png;base64," + part.mask;
    await shape.decode();
    if (isLate()) return;
    if (isAgain) pen.putImageData(sketch.things.before, 0, 0);
    else {
      sketch.things = { names, before: picture() };
      remember(sketch.things.before);
    }
    sketch.things.at = next;
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [canvas.width, canvas.height];
    const brushes = sheet.getContext("2d", { willReadFrequently: true });
    brushes.imageSmoothingEnabled = false;
    brushes.drawImage(shape, 0, 0, sheet.width, sheet.height);
    const found = brushes.getImageData(0, 0, sheet.width, sheet.height);
    for (let at = 0; at < found.data.length; at += 4) found.data[at + 3] = found.data[at] > 127 ? 255 : 0;
    brushes.putImageData(found, 0, 0);
    brushes.globalCompositeOperation = "source-in";
    brushes.fillStyle = colour;
    brushes.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(sheet, 0, 0);
    const larger = parts[(next + 1) % parts.length].name;
    const more = parts.length > 1 ? " " + _("Press there again for {thing}.", { thing: larger }) : "";
    say(_("Selected: {thing}.", { thing: part.name }) + more);
  }

  async function sendMask() {
    const c = here();
    if (!picture().data.some((value, at) => at % 4 === 3 && value)) {
      return trouble(_("Nothing was painted over, so nothing could change; open the mask and mark something."));
    }
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [canvas.width, canvas.height];
    const ink = sheet.getContext("2d");
    ink.fillRect(0, 0, sheet.width, sheet.height);
    ink.globalCompositeOperation = "destination-out";
    ink.drawImage(canvas, 0, 0);
    const painted = ink.getImageData(0, 0, sheet.width, sheet.height);
    // What is half covered at a stroke's edge is covered: the server takes what is wholly clear.
    for (let at = 3; at < painted.data.length; at += 4) painted.data[at] = painted.data[at] < 255 ? 0 : 255;
    ink.putImageData(painted, 0, 0);
    const label = sketch.label;
    const file = await new Promise((done) => sheet.toBlob(done, "image/png"));
    const address = "/masks?" + new URLSearchParams({ c, v: label });
    const request = { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } };
    const answer = await fetch(address, { ...request, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
    const mask = answer?.ok && (await answer.json().catch(() => ({}))).mask;
    if (!mask) return trouble(answer && !answer.ok ? await answer.text() : _("The mask could not be sent; is Limner still running?"));
    if (here() !== c) return false; // its conversation was left
    hold(mask, _("Only inside your mask on {label}", { label }));
    find("#message textarea").focus();
    return true;
  }
  function trouble(text) {
    window.limner.hand("click", { do: "trouble", text });
    return false;
  }
  // A message that is sent meanwhile waits for it: without, it would change the whole picture.
  async function useMask() {
    const mine = (coming = sendMask().catch(() => false));
    await mine;
    if (coming === mine) coming = null;
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    const button = at("[data-mask]");
    if (button) openMask(button);
    else if (at("#lm-clear")) clear();
    else if (at("#lm-undo")) undo();
    else if (at("#lm-invert")) invert();
    else if (at("#lm-unmask")) hold("");
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "lm-way") sketch.corner = null;
  });
  document.addEventListener("submit", (event) => {
    if (event.target.closest("#lm-mask") && event.submitter?.value === "use") useMask();
  });
  document.addEventListener("keydown", (event) => {
    if (canvas && event.target === canvas) moveBrush(event);
  });

  return { hold, sends };
})());
