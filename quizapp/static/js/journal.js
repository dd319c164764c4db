// Journal: what is typed and not yet acknowledged, kept in this browser until it is, and sent again in its order.
// Without a place to keep it (private windows, a full disk) it is kept as long as the page.
const journal = (() => {
  const PREFIX = "quizapp.typed.";
  const PATIENCE = 15_000; // milliseconds that an answer may take
  const [FIRST_PAUSE, LONGEST_PAUSE] = [1_000, 30_000]; // before another try; twice as long each time
  const TROUBLE = new Set(["offline", "failed", "signed out", "stale"]);
  const SETTLED = new Set(["saved", "over", "refused"]);
  const person = document.documentElement.dataset.person;
  const listeners = [];
  const spare = new Map();
  let [isSending, isAskedAgain, pause, timer] = [false, false, 0, 0];

  function keyOf(url, client) {
    return `${PREFIX}${person}.${url}.${client}`;
  }

  // Notes an entry {key, url, number, fields, at}; tells whether it outlives the page.
  function put(entry) {
    const text = JSON.stringify(entry);
    const isKept = stored((storage) => storage.setItem(entry.key, text) ?? true) ?? false;
    if (isKept) spare.delete(entry.key);
    else spare.set(entry.key, text);
    return isKept;
  }

  function drop(key, number = Infinity) {
    if (!(find(key)?.number <= number)) return;
    spare.delete(key);
    stored((storage) => storage.removeItem(key));
  }

  function find(key) {
    const text = spare.get(key) ?? stored((storage) => storage.getItem(key));
    return text ? JSON.parse(text) : null;
  }

  function entries() {
    const mine = keys().filter((key) => key.startsWith(`${PREFIX}${person}.`));
    return [...new Set([...mine, ...spare.keys()])].map(find).sort((a, b) => a.at - b.at);
  }

  // Sends what waits, the oldest first, until all is settled or the server can't be reached.
  async function drain() {
    if (!person || !token()) return;
    isAskedAgain = isSending;
    if (isSending) return;
    isSending = true;
    clearTimeout(timer);
    let result = null;
    do {
      isAskedAgain = false;
      for (const entry of entries().filter(({ isOvertaken }) => !isOvertaken)) {
        result = await deliver(entry);
        if (TROUBLE.has(result.outcome)) break;
      }
    } while (isAskedAgain && !TROUBLE.has(result?.outcome));
    isSending = false;
    if (["offline", "failed"].includes(result?.outcome)) tryLater();
    else pause = 0;
  }

  // Sends one entry and settles it; `isLeaving` lets the request outlive the page.
  async function deliver(entry, isLeaving = false) {
    const result = await send(entry, isLeaving);
    if (SETTLED.has(result.outcome)) drop(entry.key, entry.number);
    if (result.outcome === "overtaken" && find(entry.key)?.number === entry.number) put({ ...entry, isOvertaken: true });
    for (const listen of listeners) listen(entry, result);
    return result;
  }

  async function send(entry, keepalive) {
    const headers = { "X-CSRFToken": token(), Accept: "application/json" };
    const body = new URLSearchParams(entry.fields);
    const signal = AbortSignal.timeout?.(PATIENCE);
    try {
      const answer = await fetch(entry.url, { method: "POST", headers, body, signal, keepalive, redirect: "manual" });
      const told = answer.headers.get("Content-Type") === "application/json" ? await answer.json() : {};
      return { ...told, outcome: outcomeOf(answer, told) };
    } catch {
      return { outcome: "offline" };
    }
  }

  function outcomeOf({ ok, status, type }, { can_choose: canChoose }) {
    if (ok) return "saved";
    if (type === "opaqueredirect") return "signed out";
    if (status === 409) return canChoose ? "overtaken" : "over";
    if (status === 400 || status === 403) return "stale"; // the token is another session's
    return status >= 500 || status === 429 ? "failed" : "refused";
  }

  function tryLater() {
    pause = Math.min(LONGEST_PAUSE, pause * 2 || FIRST_PAUSE);
    timer = setTimeout(drain, pause * (0.5 + Math.random()));
  }

  function token() {
    return document.querySelector("input[name=csrf_token]")?.value;
  }

  function keys() {
    return stored((storage) => Object.keys(storage).filter((key) => key.startsWith(PREFIX))) ?? [];
  }

  function stored(act) {
    try {
      return act(localStorage);
    } catch {
      return null;
    }
  }

  // What was typed before signing in goes with the rest: kept, it is sent as this person's; else it is dropped.
  function adopt(guest, isKept) {
    for (const key of keys().filter((key) => key.startsWith(`${PREFIX}${guest}.`))) {
      const entry = find(key);
      stored((storage) => storage.removeItem(key));
      if (isKept) put({ ...entry, key: key.replace(`${PREFIX}${guest}.`, `${PREFIX}${person}.`) });
    }
  }

  const guest = document.querySelector("form[data-adopts]")?.dataset.adopts;
  document.addEventListener("submit", ({ target, submitter }) => {
    if (submitter?.matches("[data-forget]")) for (const key of keys()) stored((storage) => storage.removeItem(key));
    if (target.matches("[data-adopts]")) adopt(guest, submitter?.value === "keep");
  });
  addEventListener("online", drain);
  // A shared computer: what somebody else typed goes when the next person is there.
  const isOurs = (key) => [person, guest].some((one) => key.startsWith(`${PREFIX}${one}.`));
  if (person) for (const key of keys()) if (!isOurs(key)) stored((storage) => storage.removeItem(key));
  if (entries().length) queueMicrotask(drain);

  return { keyOf, put, drop, find, entries, drain, deliver, listen: (listener) => listeners.push(listener) };
})();
