"""The words around findings, in English, French and Spanish."""

from __future__ import annotations

from collections.abc import Mapping

from gsefgraph.shacl.report.report import INFO, VIOLATION, WARNING, Texts

WORDS: Mapping[str, Texts] = {
    VIOLATION: {"en": "error", "fr": "erreur", "es": "error"},
    WARNING: {"en": "warning", "fr": "avertissement", "es": "advertencia"},
    INFO: {"en": "note", "fr": "remarque", "es": "nota"},
    "node": {"en": "node", "fr": "nœud", "es": "nodo"},
    "path": {"en": "property", "fr": "propriété", "es": "propiedad"},
    "value": {"en": "value", "fr": "valeur", "es": "valor"},
    "rule": {"en": "rule", "fr": "règle", "es": "regla"},
    "hint": {"en": "fix", "fr": "à faire", "es": "solución"},
    "colon": {"en": ":", "fr": " :", "es": ":"},
    "semicolon": {"en": "; ", "fr": " ; ", "es": "; "},
    "conforms": {"en": "Conforms", "fr": "Conforme", "es": "Conforme"},
    "fails": {"en": "Does not conform", "fr": "Non conforme", "es": "No conforme"},
    f"{VIOLATION}s": {"en": "errors", "fr": "erreurs", "es": "errores"},
    f"{WARNING}s": {"en": "warnings", "fr": "avertissements", "es": "advertencias"},
    f"{INFO}s": {"en": "notes", "fr": "remarques", "es": "notas"},
    "more": {"en": "… and {count} more", "fr": "… et {count} de plus", "es": "… y {count} más"},
    "shown": {
        "en": "Shown: {count} of {total}.",
        "fr": "Constats affichés : {count} sur {total}.",
        "es": "Hallazgos mostrados: {count} de {total}.",
    },
    "known": {
        "en": "In the baseline already: {count}.",
        "fr": "Déjà dans le rapport de référence : {count}.",
        "es": "Ya en el informe de referencia: {count}.",
    },
    "ways": {
        "en": "Constraints checked: {list}.",
        "fr": "Contraintes vérifiées : {list}.",
        "es": "Restricciones comprobadas: {list}.",
    },
    "sql": {"en": "{count} in SQL", "fr": "{count} en SQL", "es": "{count} en SQL"},
    "memory": {"en": "{count} in memory", "fr": "{count} en mémoire", "es": "{count} en memoria"},
    "engine": {
        "en": "{count} by the SPARQL engine",
        "fr": "{count} par le moteur SPARQL",
        "es": "{count} por el motor SPARQL",
    },
    "whole": {
        "en": "{count} over the whole graph ({list})",
        "fr": "{count} sur le graphe entier ({list})",
        "es": "{count} sobre el grafo entero ({list})",
    },
    # A second opinion.
    "second-none": {
        "en": "pySHACL has no opinion: {why}",
        "fr": "pySHACL ne se prononce pas : {why}",
        "es": "pySHACL no se pronuncia: {why}",
    },
    "second-same": {
        "en": "pySHACL finds the same, results: {count}.",
        "fr": "pySHACL trouve la même chose (résultats : {count}).",
        "es": "pySHACL encuentra lo mismo (resultados: {count}).",
    },
    "second-differs": {
        "en": "pySHACL finds something else. Results that only one of us has: {count}; that both "
        "have: {same}.",
        "fr": "pySHACL trouve autre chose. Résultats de l’un des deux seulement : {count} ; "
        "communs : {same}.",
        "es": "pySHACL encuentra otra cosa. Resultados de uno solo: {count}; comunes: {same}.",
    },
    "second-ours": {"en": "only ours:", "fr": "seulement ici :", "es": "solo aquí:"},
    "second-theirs": {"en": "only pySHACL:", "fr": "seulement pySHACL :", "es": "solo pySHACL:"},
    "second-unknown": {
        "en": "no reason is known", "fr": "raison inconnue", "es": "motivo desconocido"
    },
    "other": {"en": "{count} {way} ({list})", "fr": "{count} {way} ({list})",
              "es": "{count} {way} ({list})"},
    # How one constraint was checked.
    "way-engine": {"en": "by the SPARQL engine", "fr": "par le moteur SPARQL",
                   "es": "por el motor SPARQL"},
    "way-whole": {"en": "over the whole graph", "fr": "sur le graphe entier",
                  "es": "sobre el grafo entero"},
    "way-sql": {"en": "in SQL", "fr": "en SQL", "es": "en SQL"},
    "way-memory": {"en": "in memory", "fr": "en mémoire", "es": "en memoria"},
    # The HTML page.
    "title": {"en": "Validation report", "fr": "Rapport de validation",
              "es": "Informe de validación"},
    "by-rule": {"en": "By rule", "fr": "Par règle", "es": "Por regla"},
    "by-node": {"en": "By node", "fr": "Par nœud", "es": "Por nodo"},
    "odd": {"en": "About the validation itself", "fr": "À propos de la validation elle-même",
            "es": "Sobre la propia validación"},
    "how": {"en": "How the constraints were checked",
            "fr": "Comment les contraintes ont été vérifiées",
            "es": "Cómo se comprobaron las restricciones"},
    "caption": {"en": "Findings shown: {count} of {total}",
                "fr": "Constats affichés : {count} sur {total}",
                "es": "Hallazgos mostrados: {count} de {total}"},
    "where": {"en": "Place", "fr": "Endroit", "es": "Lugar"},
    "what": {"en": "What is wrong", "fr": "Ce qui ne va pas", "es": "Qué está mal"},
    "severity": {"en": "Severity", "fr": "Gravité", "es": "Gravedad"},
    "count": {"en": "Count", "fr": "Nombre", "es": "Número"},
    "component": {"en": "Constraint", "fr": "Contrainte", "es": "Restricción"},
    "way": {"en": "Way", "fr": "Voie", "es": "Vía"},
    "why": {"en": "Why", "fr": "Raison", "es": "Motivo"},
    "nothing": {"en": "Nothing to report.", "fr": "Rien à signaler.", "es": "Nada que señalar."},
    "summary": {"en": "Findings by severity", "fr": "Constats par gravité",
                "es": "Hallazgos por gravedad"},
    "contents": {"en": "Contents", "fr": "Sommaire", "es": "Contenido"},
    "skip": {"en": "Skip to the findings", "fr": "Aller aux constats", "es": "Ir a los hallazgos"},
    "cut": {
        "en": "Not shown of this group: {count}; see another format of the report (JSON, text).",
        "fr": "{count} de plus dans ce groupe ; voir un autre format du rapport (JSON, texte).",
        "es": "{count} más en este grupo; véase otro formato del informe (JSON, texto).",
    },
    "groups": {
        "en": "Groups not shown: {count}; see another format of the report (JSON, text).",
        "fr": "Groupes de plus : {count} ; voir un autre format du rapport (JSON, texte).",
        "es": "Grupos no mostrados: {count}; véase otro formato del informe (JSON, texto).",
    },
    "unplaced": {"en": "no file", "fr": "sans fichier", "es": "sin archivo"},
    "partial-baseline": {
        "en": "{file}: this baseline was cut and holds {count} of {total} findings; the others "
        "count as new",
        "fr": "{file} : ce rapport de référence est incomplet (constats : {count} sur {total}) ; "
        "les autres comptent comme nouveaux",
        "es": "{file}: este informe de referencia está incompleto (hallazgos: {count} de {total}); "
        "los demás cuentan como nuevos",
    },
}  # fmt: skip


def word(key: str, lang: str, **values: object) -> str:
    """A word or sentence in a language, its blanks filled; an unknown severity by its local name.

    >>> word("more", "es", count=3)
    '… y 3 más'
    """
    texts = WORDS.get(key)
    if texts is None:
        return key.rstrip("/#").rpartition("#")[2].rpartition("/")[2]
    text = texts.get(lang, texts["en"])
    return text.format(**values) if values else text
