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

  /* Letters that may be wrong in a word, as words._wrong. */
  function allowed(word) {
    return /[0-9]/.test(word) ? 0 : [4, 8, 12].filter(function (length) { return word.length >= length; }).length;
  }

  /* Letters that are wrong in a word if another was meant, as words.edits; -1 where too many are. */
  function edits(word, other) {
    var most = Math.min(allowed(word), allowed(other)), before = [], row = [], i, j;
    if (word === other) { return 0; }
    word = word.replace(/(.)\1+/g, "$1");
    other = other.replace(/(.)\1+/g, "$1");
    if (most && word === other) { return 1; }
    if (!most || Math.abs(word.length - other.length) > most) { return -1; }
    for (j = 0; j <= other.length; j += 1) { row[j] = j; }
    for (i = 1; i <= word.length; i += 1) {
      var last = before;
      before = row;
      row = [i];
      for (j = 1; j <= other.length; j += 1) {
        row[j] = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (word[i - 1] === other[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && word[i - 1] === other[j - 2] && word[i - 2] === other[j - 1]) {
          row[j] = Math.min(row[j], last[j - 2] + 1);
        }
      }
    }
    return row[j - 1] <= (word[0] === other[0] ? most : Math.min(most, 1)) ? row[j - 1] : -1;
  }

  /* As resolve._near: a short word that is not there is as one wrong letter. */
  function nearness(name, words) {
    var parts = name.split(" "), sum = 0, absent = 0;
    var long = words.filter(function (word) { return word.length > 3 || /[0-9]/.test(word); });
    var all = words.every(function (word) {
      var costs = parts.map(function (part) { return edits(word, part); }).filter(function (cost) { return cost >= 0; });
      var missing = long.length && long.indexOf(word) < 0 ? 1 : -1;
      var least = costs.length ? Math.min.apply(null, costs) : missing;
      sum += least;
      absent += costs.length ? 0 : 1;
      return least >= 0;
    });
    return all && absent <= long.length ? sum : -1;
  }

  /* As Catalogue.search: words may be begun, and one of four may be another. */
  function asks(said, words) {
    var long = words.filter(function (word) { return word.length > 2; }), padded = " " + said;
    var held = long.filter(function (word) {
      var stem = word.length > 4 ? word.replace(/s$/, "") : word;
      stem = stem !== word && stem.length > 4 ? stem.replace(/e$/, "") : stem;
      return padded.indexOf(" " + stem) >= 0;
    }).length;
    return held >= long.length - Math.floor(long.length / 4) ? held : 0;
  }

  function look(index, text) {
    var wanted = key(text, index.letters), words = wanted ? wanted.split(" ") : [];
    var things = [], questions = [];
    function entry(place, by) {
      var of = index.entries[place], name = "";
      if (by) {
        of[3].forEach(function (other) {
          if (key(other, index.letters) === of[4][by]) { name = name || other; }
        });
      }
      return { label: of[0], kind: index.kinds[of[1]], href: new URL(of[2], root).href, name: name };
    }
    function ordered(found) {
      found.sort(function (one, other) { return one[0] - other[0] || one[1] - other[1] || one[2] - other[2]; });
      return found.map(function (one) { return entry(one[2], one[3]); });
    }
    function collect(measure) {
      index.entries.forEach(function (each, place) {
        var best = -1, by = 0;
        if (each[5]) { return; }
        each[4].forEach(function (name, number) {
          var now = measure(name);
          if (now >= 0 && (best < 0 || now < best)) { best = now; by = number; }
        });
        if (best >= 0) { things.push([best, each[4][by].split(" ").length, place, by]); }
      });
    }
    if (!words.length) { return { things: [], questions: [], passages: [] }; }
    collect(function (name) { return rank(name, wanted, words); });
    index.entries.forEach(function (each, place) {
      if (each[5] && asks(each[5], words)) { questions.push([-asks(each[4].join(" "), words), 0, place, 0]); }
    });
    var passages = index.passages.filter(function (each) {
      each[4] = each[4] || " " + key(each[0], index.letters) + " ";
      return words.every(function (word, place) {
        return each[4].indexOf(" " + word + (place === words.length - 1 ? "" : " ")) >= 0;
      });
    });
    if (!things.length && !passages.length) {
      collect(function (name) { return nearness(name, words); });
      var least = Math.min.apply(null, things.map(function (one) { return one[0]; }));
      things = things.filter(function (one) { return one[0] <= least + 1; });
    }
    return {
      things: ordered(things),
      questions: ordered(questions),
      passages: passages.map(function (each) {
        return { label: each[0], lang: each[1], kind: index.sources[each[2]], href: new URL(each[3], root).href };
      })
    };
  }

  window.gsefgraphSuggest = function (text, show) {
    var mine = latest += 1;
    ready(function (index) {
      if (mine !== latest) { return; }
      var found = look(index, text), asked = found.questions.slice(0, 3);
      show(found.things.slice(0, 8 - asked.length).concat(asked));
    });
  };

  /* The page of results: what is asked stands in its address. */
  var told = document.querySelector("[data-none]");
  var text = (new URLSearchParams(location.search).get("q") || "").trim().slice(0, 200);
  if (!told || !text) { return; }
  Array.prototype.forEach.call(document.querySelectorAll("input[name=q]"), function (field) { field.value = text; });

  function line(hit) {
    var item = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("span");
    link.href = hit.href;
    link.textContent = hit.label;
    if (hit.lang) { link.lang = hit.lang; }
    item.appendChild(link);
    if (hit.name) { item.appendChild(document.createTextNode(" (" + hit.name + ")")); }
    kind.className = "soft";
    kind.textContent = hit.kind;
    item.appendChild(kind);
    return item;
  }

  ready(function (index) {
    var found = look(index, text), heading = document.querySelector("h1"), any = false;
    heading.textContent = heading.dataset.searched.replace("%s", function () { return text; });
    document.title = heading.textContent + " · gsefgraph";
    Array.prototype.forEach.call(document.querySelectorAll("[data-results]"), function (part) {
      var hits = found[part.dataset.results];
      part.hidden = !hits.length;
      any = any || hits.length > 0;
      part.querySelector(".n").textContent = hits.length.toLocaleString(document.documentElement.lang);
      hits.forEach(function (hit) { part.querySelector("ul").appendChild(line(hit)); });
    });
    if (!any) { told.textContent = told.dataset.none.replace("%s", function () { return text; }); }
  });
})();
