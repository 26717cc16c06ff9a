"""The ways in which a literal can be wrong, said in English, French and Spanish."""

from __future__ import annotations

from collections.abc import Mapping

_TEXTS: Mapping[str, Mapping[str, str]] = {
    "form": {
        "en": "is not written as {type} is (for example {example})",
        "fr": "ne s’écrit pas comme {type} (par exemple {example})",
        "es": "no se escribe como {type} (por ejemplo {example})",
    },
    "space": {
        "en": "has white space where {type} takes none",
        "fr": "contient des espaces là où {type} n’en admet pas",
        "es": "contiene espacios donde {type} no los admite",
    },
    "digits": {
        "en": "has digits other than 0 to 9",
        "fr": "contient des chiffres autres que ceux de 0 à 9",
        "es": "contiene cifras distintas de las de 0 a 9",
    },
    "range": {
        "en": "is outside what {type} holds: {low} to {high}",
        "fr": "est hors de l’intervalle de {type} : de {low} à {high}",
        "es": "está fuera del intervalo de {type}: de {low} a {high}",
    },
    "month": {
        "en": "names month {month}, and there are twelve",
        "fr": "indique le mois {month}, or il y en a douze",
        "es": "indica el mes {month}, y solo hay doce",
    },
    "day": {
        "en": "is a day that does not exist: that month ends on day {last}",
        "fr": "est un jour qui n’existe pas : ce mois finit le {last}",
        "es": "es un día que no existe: ese mes termina el {last}",
    },
    "hour": {
        "en": "is a time of day that does not exist",
        "fr": "est une heure qui n’existe pas",
        "es": "es una hora que no existe",
    },
    "zone": {
        "en": "has a time zone beyond 14:00",
        "fr": "a un fuseau horaire au-delà de 14:00",
        "es": "tiene una zona horaria más allá de 14:00",
    },
    "zone-missing": {
        "en": "has no time zone, which {type} needs",
        "fr": "n’a pas de fuseau horaire, exigé par {type}",
        "es": "no tiene zona horaria, que {type} exige",
    },
    "control": {
        "en": "holds the character {char}, which text may not hold",
        "fr": "contient le caractère {char}, interdit dans un texte",
        "es": "contiene el carácter {char}, prohibido en un texto",
    },
    "language": {
        "en": "has the language tag {tag}, which is not of the form fr or pt-BR (BCP 47)",
        "fr": "porte l’étiquette de langue {tag}, qui n’a pas la forme fr ou pt-BR (BCP 47)",
        "es": "lleva la etiqueta de idioma {tag}, que no tiene la forma fr o pt-BR (BCP 47)",
    },
    "language-missing": {
        "en": "is text with a language, but no language is given",
        "fr": "est un texte avec langue, mais aucune langue n’est donnée",
        "es": "es un texto con idioma, pero no se indica ningún idioma",
    },
}


class Fault(str):
    """Why a lexical form is wrong: an English clause, its code, and the clause in other languages.

    The clause continues a sentence whose subject is the value: ``"2019-02-30" is a day that …``.

    >>> fault = Fault("day", last=28)
    >>> fault.code, str(fault)
    ('day', 'is a day that does not exist: that month ends on day 28')
    >>> fault.text("fr")
    'est un jour qui n’existe pas\\xa0: ce mois finit le 28'
    """

    __slots__ = ("code", "values")
    code: str
    values: dict[str, object]

    def __new__(cls, code: str, **values: object) -> Fault:
        """A fault of one of the codes of this module, with the values that its text names."""
        fault = super().__new__(cls, _TEXTS[code]["en"].format(**values))
        fault.code = code
        fault.values = values
        return fault

    def text(self, language: str) -> str:
        """The clause in ``en``, ``fr`` or ``es``; English for any other language."""
        texts = _TEXTS[self.code]
        return texts.get(language, texts["en"]).format(**self.values)
