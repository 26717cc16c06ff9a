"""What can be wrong with evidence, in English, French and Spanish.

Each sentence says what is wrong and ends in what would be right.
"""

from __future__ import annotations

from collections.abc import Mapping

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "no-document": {
        "en": "this evidence names no document (gsef:source)",
        "fr": "cette preuve ne nomme aucun document (gsef:source)",
        "es": "esta prueba no nombra ningún documento (gsef:source)",
    },
    "empty": {
        "en": "the quote is empty or has no letter; quote the words that the fact rests on",
        "fr": "la citation est vide ou sans lettre ; citez les mots sur lesquels le fait repose",
        "es": "la cita está vacía o no tiene letras; cite las palabras en que se apoya el hecho",
    },
    "name": {
        "en": "the quote “{quote}” is only a name or a title; quote the words that state the fact",
        "fr": "la citation « {quote} » n’est qu’un nom ou un titre ; citez les mots qui énoncent "
        "le fait",
        "es": "la cita «{quote}» es solo un nombre o un título; cite las palabras que enuncian "
        "el hecho",
    },
    "offsets": {
        "en": "start {start} and end {end} are no place in a text; two whole numbers from 0 are, "
        "the end after the start",
        "fr": "début {start} et fin {end} ne désignent pas un passage du texte ; il faut deux "
        "entiers à partir de 0, la fin après le début",
        "es": "comienzo {start} y final {end} no designan un pasaje del texto; hacen falta dos "
        "enteros desde 0, el final después del comienzo",
    },
    "moved": {
        "en": "the quote “{quote}” does not stand at {start}–{end} but at {found}; correct "
        "gsef:start and gsef:end",
        "fr": "la citation « {quote} » n’est pas à {start}–{end}, mais à {found} ; corrigez "
        "gsef:start et gsef:end",
        "es": "la cita «{quote}» no está en {start}–{end}, sino en {found}; corrija gsef:start "
        "y gsef:end",
    },
    "several": {
        "en": "the quote “{quote}” does not stand at {start}–{end}, and stands at several other "
        "places ({found}); choose one",
        "fr": "la citation « {quote} » n’est pas à {start}–{end}, et se trouve à plusieurs autres "
        "endroits ({found}) ; choisissez-en un",
        "es": "la cita «{quote}» no está en {start}–{end}, y se encuentra en varios otros lugares "
        "({found}); elija uno",
    },
    "absent": {
        "en": "the quote “{quote}” stands nowhere in the source; at {start}–{end} it reads "
        "“{there}”",
        "fr": "la citation « {quote} » ne figure nulle part dans la source ; à {start}–{end} on "
        "lit « {there} »",
        "es": "la cita «{quote}» no figura en ninguna parte de la fuente; en {start}–{end} se lee "
        "«{there}»",
    },
    "digest": {
        "en": "the source text has the digest {actual}, the graph says {stated}; check what "
        "changed, then correct gsef:textDigest",
        "fr": "le texte source a l’empreinte {actual}, le graphe indique {stated} ; vérifiez ce "
        "qui a changé, puis corrigez gsef:textDigest",
        "es": "el texto fuente tiene la huella {actual}, el grafo indica {stated}; compruebe qué "
        "ha cambiado y corrija gsef:textDigest",
    },
    "source": {
        "en": "the source text is not there, so that no passage of it can be checked ({count})",
        "fr": "le texte source manque, si bien qu’aucun de ses passages ne peut être vérifié "
        "({count})",
        "es": "falta el texto fuente, de modo que no se puede comprobar ninguno de sus pasajes "
        "({count})",
    },
    "unreadable": {
        "en": "the source text cannot be read ({trouble}); save it as UTF-8",
        "fr": "le texte source est illisible ({trouble}) ; enregistrez-le en UTF-8",
        "es": "el texto fuente no se puede leer ({trouble}); guárdelo en UTF-8",
    },
}
