// Timer: how much of a quiz's time is left. The server says it; the time of this machine is never asked.
{
  const box = document.querySelector("[data-clock]");
  if (box) run(box);

  function run(box) {
    const [MINUTE, AGAIN, HIDDEN] = [60_000, 5_000, "quizapp.clock.hidden"];
    const TOLD = [10, 5, 1]; // minutes
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const [shown, told, button] = ["[data-minutes]", "[role=status]", "button"].map((name) => box.querySelector(name));
    let [endsAt, timer, isEnding] = [performance.now() + Number(box.dataset.left), 0, false];
    let before = left();

    button.hidden = false;
    button.addEventListener("click", () => hide(!shown.hidden, true));
    hide(kept((storage) => storage.getItem(HIDDEN)) === "1");
    setInterval(ask, MINUTE);
    addEventListener("online", ask);
    addEventListener("pageshow", ({ persisted }) => persisted && ask());
    document.addEventListener("visibilitychange", () => document.hidden || ask());
    tick();

    function left() {
      return Math.max(0, endsAt - performance.now());
    }

    function tick() {
      clearTimeout(timer);
      const now = left();
      if (!now) return end();
      const minutes = Math.ceil(now / MINUTE);
      const isCounted = minutes === 1 && !isCalm;
      shown.textContent = isCounted ? `${Math.ceil(now / 1000)} s left` : minutes === 1 ? "Under a minute left" : `${minutes} min left`;
      box.classList.toggle("is-due", minutes === 1);
      const passed = TOLD.filter((minute) => before > minute * MINUTE && now <= minute * MINUTE).at(-1);
      if (passed) told.textContent = passed === 1 ? "1 minute left" : `${passed} minutes left`;
      before = now;
      timer = setTimeout(tick, isCounted ? now % 1000 || 1000 : now % MINUTE || MINUTE);
    }

    // Somebody may have got more time meanwhile, or this machine may have slept.
    async function ask() {
      const asked = performance.now();
      const told = await answer();
      if (!told) return;
      if (told.left === null) return void (box.hidden = true, clearTimeout(timer), (endsAt = Infinity));
      endsAt = (asked + performance.now()) / 2 + told.left;
      box.hidden = false;
      tick();
    }

    async function answer() {
      try {
        const reply = await fetch(box.dataset.clock, { headers: { Accept: "application/json" }, cache: "no-store" });
        return reply.ok ? await reply.json() : null;
      } catch {
        return null;
      }
    }

    // What is typed is sent first: it still counts for a short while. Without the network this page stays and tries.
    async function end() {
      if (isEnding) return;
      isEnding = true;
      shown.hidden = false;
      shown.textContent = told.textContent = "Time is up, saving …";
      await journal.drain();
      const reply = await answer();
      isEnding = false;
      if (reply?.left === 0) return location.assign(box.dataset.end);
      if (reply) return ask();
      shown.textContent = "Time is up, waiting for the network";
      setTimeout(() => left() || end(), AGAIN);
    }

    function hide(isHidden, isAsked = false) {
      shown.hidden = isHidden;
      button.textContent = isHidden ? "Show time" : "Hide";
      button.setAttribute("aria-label", isHidden ? "Show the time left" : "Hide the time left");
      if (isAsked) kept((storage) => storage.setItem(HIDDEN, isHidden ? "1" : ""));
    }

    function kept(act) {
      try {
        return act(localStorage);
      } catch {
        return null;
      }
    }
  }
}
