/* Puts YASQE over the text field of the SPARQL page. The form stays as it is: what is typed goes back
   into its field. Completions come from this server only. */
(function () {
  "use strict";
  var field = document.querySelector("textarea[data-yasqe]");
  if (!field || !window.Yasqe) return;
  var form = field.form;
  var terms = field.getAttribute("data-yasqe");
  var lang = document.documentElement.lang;
  var told = {};

  function variable(token) {
    return token.string[0] === "?" || token.string[0] === "$";
  }

  function asClass(yasqe, token) {
    var before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token);
    return /^(a|rdf:type)$/.test(before.state.lastProperty || "");
  }

  function asProperty(token) {
    return (token.state.possibleCurrent || []).indexOf("a") >= 0;
  }

  function kindHere(yasqe) {
    var token = yasqe.getCompleteToken();
    if (variable(token) || !/^[\w:-]{2,}$/.test(token.string)) return "";
    if (asClass(yasqe, token)) return "class";
    if (asProperty(token)) return "property";
    return token.string.indexOf(":") > 0 || token.state.lastProperty ? "thing" : "";
  }

  function completer(kind) {
    return {
      name: kind,
      bulk: false,
      autoShow: true,
      isValidCompletionPosition: function (yasqe) {
        return kindHere(yasqe) === kind;
      },
      get: function (yasqe, token) {
        var asked = "?kind=" + kind + "&lang=" + lang + "&q=" + encodeURIComponent(token.string);
        return fetch(terms + asked).then(function (answer) {
          return answer.json();
        }).then(function (found) {
          return found.map(function (term) {
            told[term.iri] = term.label;
            return term.iri;
          });
        }).catch(function () {
          return [];
        });
      },
      postprocessHints: function (yasqe, hints) {
        hints.forEach(function (hint) {
          hint.displayText = told[hint.text] + "  " + hint.text;
        });
        return hints;
      }
    };
  }

  var Yasqe = window.Yasqe;
  // Its own completers ask others; of them the one of variables alone stays.
  Yasqe.defaults.autocompleters.length = 0;
  Yasqe.defaults.autocompleters.push("variables");
  ["class", "property", "thing"].forEach(function (kind) {
    Yasqe.registerAutocompleter(completer(kind), true);
  });
  Yasqe.prototype.showNotification = Yasqe.prototype.hideNotification = function () {};

  var keys = document.createElement("p");
  keys.className = "small soft";
  keys.id = "keys";
  keys.textContent = field.getAttribute("data-keys");
  var place = document.createElement("div");
  field.parentNode.insertBefore(place, field);
  field.parentNode.insertBefore(keys, field.nextSibling);
  function run() {
    form.requestSubmit();
  }
  var editor = new Yasqe(place, {
    value: field.value,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    // Faults are told by the server, in the language of the page.
    syntaxErrorCheck: false,
    editorHeight: "20rem",
    viewportMargin: Infinity,
    extraKeys: {
      "Ctrl-Enter": run,
      "Cmd-Enter": run,
      "Ctrl-S": function () {},
      Esc: function () {
        form.querySelector("button").focus();
      }
    }
  });
  var input = editor.getInputField();
  input.id = "query-editor";
  input.setAttribute("aria-describedby", ((field.getAttribute("aria-describedby") || "") + " keys").trim());
  if (field.hasAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
  form.querySelector("label[for=query]").htmlFor = input.id;
  field.hidden = true;
  editor.on("change", function () {
    field.value = editor.getValue();
  });
})();
