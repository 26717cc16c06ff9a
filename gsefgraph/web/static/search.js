/* Search in a folder of files: names come from an index that is a script too, since a page in a
   folder may not fetch. It is loaded when somebody searches. */
(function () {
  "use strict";

  var address = document.currentScript.dataset.index;
  var root = new URL(address, document.baseURI);
  var waiting = [], asked = false, latest = 0;

  function ready(work) {
    if (window.gsefgraphIndex) { work(window.gsefgraphIndex); return; }
    waiting.push(work);
    if (asked) { return; }
    asked = true;
    var script = document.createElement("script");
    script.src = root.href;
    script.onload = function () {
      waiting.splice(0).forEach(function (one) { one(window.gsefgraphIndex); });
    };
    document.head.appendChild(script);
  }

  /* As terms.key: words without accents, case and punctuation. */
  function key(text, letters) {
    var plain = text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\x00-\x7f]/g, function (one) {
      return letters[one] === undefined ? one : letters[one];
    });
    return (plain.toLowerCase().match(/[\p{L}\p{N}]+/gu) || []).join(" ");
  }

  /* 0 the same, 1 it begins so, 2 each word begins one, 3 each is in it; -1 none of it. */
  function rank(name, wanted, words) {
    if (name === wanted) { return 0; }
    if (name.indexOf(wanted) === 0) { return 1; }
    var padded = " " + name;
    if (words.every(function (word) { return padded.indexOf(" " + word) >= 0; })) { return 2; }
    return words.every(function (word) {
      return word.length > 2 ? name.indexOf(word) >= 0 : padded.indexOf(" " + word) >= 0;
    }) ? 3 : -1;
  }

  /* Letters to be changed, added or left out between two words (Levenshtein), up to a bound. */
  function apart(one, other, most) {
    if (Math.abs(one.length - other.length) > most) { return most + 1; }
    var row = [], i, j;
    for (j = 0; j <= other.length; j += 1) { row[j] = j; }
    for (i = 1; i <= one.length; i += 1) {
      var before = row[0];
      row[0] = i;
      for (j = 1; j <= other.length; j += 1) {
        var above = row[j];
        row[j] = Math.min(above + 1, row[j - 1] + 1, before + (one[i - 1] === other[j - 1] ? 0 : 1));
        before = above;
      }
    }
    return row[other.length];
  }

  function nearness(name, words) {
    var parts = name.split(" "), sum = 0;
    var all = words.every(function (word) {
      var most = word.length < 4 ? 0 : word.length < 6 ? 1 : 2;
      var least = Math.min.apply(null, parts.map(function (part) { return apart(word, part, most); }));
      sum += least;
      return least <= most;
    });
    return all ? sum : -1;
  }

  function look(index, text, most) {
    var wanted = key(text, index.letters), words = wanted ? wanted.split(" ") : [], found = [];
    function collect(measure) {
      index.entries.forEach(function (entry, place) {
        var best = -1, by = 0;
        entry[4].forEach(function (name, number) {
          var now = measure(name);
          if (now >= 0 && (best < 0 || now < best)) { best = now; by = number; }
        });
        if (best >= 0) { found.push([best, entry[4][by].length, place, by]); }
      });
    }
    if (!words.length) { return []; }
    collect(function (name) { return rank(name, wanted, words); });
    if (!found.length) { collect(function (name) { return nearness(name, words); }); }
    found.sort(function (one, other) { return one[0] - other[0] || one[1] - other[1] || one[2] - other[2]; });
    return found.slice(0, most).map(function (one) {
      var entry = index.entries[one[2]], name = "";
      if (one[3]) {
        entry[3].forEach(function (other) {
          if (key(other, index.letters) === entry[4][one[3]]) { name = name || other; }
        });
      }
      return { label: entry[0], kind: index.kinds[entry[1]], href: new URL(entry[2], root).href, name: name };
    });
  }

  window.gsefgraphSuggest = function (text, show) {
    var mine = latest += 1;
    ready(function (index) { if (mine === latest) { show(look(index, text, 8)); } });
  };

  /* The page of results: what is asked stands in its address. */
  var part = document.querySelector("[data-results]");
  var text = (new URLSearchParams(location.search).get("q") || "").trim().slice(0, 200);
  if (!part || !text) { return; }
  Array.prototype.forEach.call(document.querySelectorAll("input[name=q]"), function (field) { field.value = text; });
  ready(function (index) {
    var found = look(index, text, 50), list = part.querySelector("ul"), heading = document.querySelector("h1");
    heading.textContent = heading.dataset.searched.replace("%s", function () { return text; });
    document.title = heading.textContent + " · gsefgraph";
    part.querySelector("[role=status]").textContent = found.length ? String(found.length) : "";
    found.forEach(function (hit) {
      var line = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("span");
      link.href = hit.href;
      link.textContent = hit.label;
      line.appendChild(link);
      if (hit.name) { line.appendChild(document.createTextNode(" (" + hit.name + ")")); }
      kind.className = "soft";
      kind.textContent = hit.kind;
      line.appendChild(kind);
      list.appendChild(line);
    });
    if (!found.length) {
      var none = document.createElement("p");
      none.textContent = part.dataset.none.replace("%s", function () { return text; });
      part.replaceChild(none, list);
    }
    part.hidden = false;
  });
})();
