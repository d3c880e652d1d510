/* The menu of narrow screens. Without scripts the menu stays open. */
(function () {
  "use strict";
  const toggle = document.querySelector(".site-header__toggle");
  const menu = document.getElementById("site-menu");
  if (!toggle || !menu) return;
  function show(open) {
    menu.classList.toggle("is-open", open);
    toggle.setAttribute("aria-expanded", String(open));
  }
  toggle.addEventListener("click", () => show(toggle.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.classList.contains("is-open")) return;
    show(false);
    toggle.focus();
  });
})();

/* Where somebody is: asked of the browser at a click, sent in the body of one request, kept nowhere. */
(function () {
  "use strict";
  if (!navigator.geolocation || !window.isSecureContext) return;
  const HOW = { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 };

  function ask(part, status, found) {
    status.textContent = part.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      (answer) => {
        const at = answer.coords;
        const set = (name, value) => {
          const field = part.querySelector('[name="' + name + '"]');
          if (field) field.value = value;
        };
        set("latitude", at.latitude.toFixed(6));
        set("longitude", at.longitude.toFixed(6));
        set("accuracy", String(Math.round(at.accuracy)));
        status.textContent = part.dataset.done || "";
        found();
      },
      () => {
        status.textContent = part.dataset.denied;
      },
      HOW,
    );
  }

  document.querySelectorAll("[data-near-me]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form, form.querySelector("[data-near-me-status]"), () => form.submit());
    });
  });

  document.querySelectorAll("[data-position]").forEach((part) => {
    part.hidden = false;
    part.querySelector("button").addEventListener("click", () => {
      ask(part, part.querySelector("[data-position-status]"), () => {});
    });
  });
})();

/* A receipt is taken along: copied, or printed. */
(function () {
  "use strict";
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const status = button.parentElement.querySelector("[data-copy-status]");
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(button.dataset.copy).then(() => {
        status.textContent = button.dataset.copied;
      });
    });
  });
})();

/* A map far down the page is fetched when somebody comes near it. */
(function () {
  "use strict";
  const map = document.querySelector("[data-camera-map][data-scripts]");
  if (!map) return;

  function fetchMap() {
    map.dataset.styles.split(" ").forEach((address) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = address;
      document.head.append(link);
    });
    map.dataset.scripts.split(" ").forEach((address) => {
      const script = document.createElement("script");
      script.src = address;
      script.async = false;
      document.body.append(script);
    });
  }

  if (!window.IntersectionObserver) {
    fetchMap();
    return;
  }
  const watcher = new IntersectionObserver(
    (seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      watcher.disconnect();
      fetchMap();
    },
    { rootMargin: "300px" },
  );
  watcher.observe(map);
})();

/* What must be corrected takes the focus, however the page was reached. */
(function () {
  "use strict";
  const errors = document.getElementById("form-errors");
  if (errors) errors.focus();
})();

/* Yesterday or today is written into its fields without asking the server; without scripts the button asks it. */
(function () {
  "use strict";
  document.querySelectorAll("[data-set-day]").forEach((button) => {
    button.addEventListener("click", (event) => {
      const [name, day] = button.value.split("|");
      const parts = day.split("-").map((text) => String(Number(text)));
      ["year", "month", "day"].forEach((part, index) => {
        document.getElementById("id_" + name + "_" + part).value = parts[index];
      });
      document.getElementById("id_" + name + "_time").focus();
      event.preventDefault();
    });
  });
})();

/* How long a text is; nothing of it is cut. Read out when it is near its end or over it. */
(function () {
  "use strict";
  document.querySelectorAll("[data-count]").forEach((line) => {
    const field = document.getElementById(line.dataset.count);
    const now = line.querySelector("[data-count-now]");
    const longest = Number(line.dataset.longest);
    if (!field || !now) return;
    function count() {
      /* As the server counts: signs, and a new line as two. */
      const length = Array.from(field.value.trim().replace(/\n/g, "\r\n")).length;
      const over = length - longest;
      line.classList.toggle("is-over", over > 0);
      if (over > 0) now.textContent = over.toLocaleString() + line.dataset.over;
      else if (length > longest * 0.8) now.textContent = length.toLocaleString() + " / " + longest.toLocaleString();
      else now.textContent = "";
    }
    field.addEventListener("input", count);
    count();
  });
})();
