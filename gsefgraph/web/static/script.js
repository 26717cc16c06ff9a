/* What pages do besides: they need none of it. A classic script, so that it runs from a folder too. */
(function () {
  "use strict";

  function each(selector, work) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), work);
  }

  /* Suggestions under a field with data-suggest: a listbox (WAI-ARIA, combobox pattern). */
  function suggesting(field, number) {
    var list = document.createElement("ul"), told = document.createElement("p");
    var wait, controller, chosen = -1, items = [];
    list.id = "suggested-" + number;
    list.className = "suggested";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels && field.labels.length ? field.labels[0].textContent : "");
    list.hidden = true;
    told.className = "sr";
    told.setAttribute("aria-live", "polite");
    field.removeAttribute("list");
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", list.id);
    field.parentNode.appendChild(list);
    field.parentNode.appendChild(told);

    function close() {
      clearTimeout(wait);
      if (controller) { controller.abort(); }
      list.hidden = true;
      chosen = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }

    function mark(next) {
      chosen = (next + items.length) % items.length;
      Array.prototype.forEach.call(list.children, function (item, place) {
        item.setAttribute("aria-selected", String(place === chosen));
      });
      field.setAttribute("aria-activedescendant", list.children[chosen].id);
    }

    function take(place) {
      var item = items[place];
      close();
      if (field.dataset.fills !== undefined) {
        field.value = item.label;
      } else {
        location.href = item.href;
      }
    }

    function show(found) {
      items = found;
      list.textContent = "";
      found.forEach(function (item, place) {
        var line = document.createElement("li"), kind = document.createElement("span");
        line.id = list.id + "-" + place;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", "false");
        line.textContent = item.label + (item.name ? " (" + item.name + ") " : " ");
        kind.className = "soft";
        kind.textContent = item.kind;
        line.appendChild(kind);
        line.addEventListener("mousedown", function (event) {
          event.preventDefault();
          take(place);
        });
        list.appendChild(line);
      });
      list.hidden = !found.length;
      field.setAttribute("aria-expanded", String(found.length > 0));
      told.textContent = document.body.dataset.counts.split("|")[found.length] || "";
      chosen = -1;
    }

    function ask() {
      var text = field.value.trim();
      if (text.length < 2) { close(); return; }
      if (window.gsefgraphSuggest) { window.gsefgraphSuggest(text, show); return; }
      if (controller) { controller.abort(); }
      controller = new AbortController();
      fetch(field.dataset.suggest + (field.dataset.suggest.indexOf("?") < 0 ? "?" : "&") + "q=" +
            encodeURIComponent(text), { signal: controller.signal })
        .then(function (answer) { return answer.ok ? answer.json() : []; })
        .then(show, function () { /* typed on, or no server: the form still works */ });
    }

    field.addEventListener("input", function () {
      clearTimeout(wait);
      wait = setTimeout(ask, 150);
    });
    field.addEventListener("keydown", function (event) {
      if (list.hidden) { return; }
      if (event.key === "ArrowDown") { event.preventDefault(); mark(chosen + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(chosen < 0 ? items.length - 1 : chosen - 1); }
      else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); take(chosen); }
      else if (event.key === "Escape") { event.preventDefault(); close(); }
    });
    field.addEventListener("blur", close);
  }

  /* Escape closes the words that are open, and the focus is where they were opened. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    var open = event.target.closest && event.target.closest("details.words[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  /* Words that are left to a page of their own are fetched when they are asked for. */
  each("details.words", function (details) {
    var later = details.querySelector("a[data-later]");
    if (!later) { return; }
    details.addEventListener("toggle", function () {
      if (!details.open || details.dataset.loaded) { return; }
      details.dataset.loaded = "yes";
      fetch(later.href).then(function (answer) { return answer.text(); }).then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var part = page.querySelector("[data-grounds]");
        if (part) { details.querySelector(".in").replaceChildren(document.adoptNode(part)); }
      }, function () { /* the link stays */ });
    });
  });

  /* A button that copies, beside what can be copied. */
  each("[data-copy]", function (box) {
    if (!navigator.clipboard) { return; }
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = box.dataset.copy;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(box.textContent.trim()).then(function () {
        button.textContent = box.dataset.copied;
      });
    });
    box.insertAdjacentElement("afterend", button);
  });

  /* A dot of a picture and its row: the one marks the other. */
  each("[data-mark]", function (one) {
    function toggle(on) {
      each('[data-mark="' + one.dataset.mark + '"]', function (other) {
        other.classList.toggle("marked", on);
      });
    }
    ["mouseenter", "focusin"].forEach(function (name) { one.addEventListener(name, function () { toggle(true); }); });
    ["mouseleave", "focusout"].forEach(function (name) { one.addEventListener(name, function () { toggle(false); }); });
  });

  /* A slow question says so. */
  each("form[data-asking]", function (form) {
    form.addEventListener("submit", function () {
      var status = document.createElement("p");
      status.setAttribute("role", "status");
      form.appendChild(status);
      setTimeout(function () { status.textContent = form.dataset.asking; }, 300);
    });
  });

  each("[data-suggest]", suggesting);
})();
