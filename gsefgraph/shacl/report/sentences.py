"""The sentences that findings are made of, in English, French and Spanish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gsefgraph.shacl.report.components import ASKED, COMPONENTS, OR
from gsefgraph.shacl.report.report import Texts, pick
from gsefgraph.terms import SH

SENTENCES: Mapping[str, Texts] = {
    "blank-node": {
        "en": "This node has no IRI, so nothing else can refer to it.",
        "fr": "Ce nœud n’a pas d’IRI : rien d’autre ne peut s’y référer.",
        "es": "Este nodo no tiene IRI: nada más puede referirse a él.",
    },
    "give-iri": {
        "en": "give it an IRI such as id-event:forum-2019",
        "fr": "lui donner un IRI, par exemple id-event:forum-2019",
        "es": "darle un IRI, por ejemplo id-event:forum-2019",
    },
    "unknown-term": {
        "en": "{value} is not a term of the ontology.",
        "fr": "{value} n’est pas un terme de l’ontologie.",
        "es": "{value} no es un término de la ontología.",
    },
    "unknown-concept": {
        "en": "{value} is defined nowhere.",
        "fr": "{value} n’est défini nulle part.",
        "es": "{value} no está definido en ningún sitio.",
    },
    "quoted-triple": {
        "en": "A triple stands here as a value, which RDF 1.1 does not know.",
        "fr": "Un triplet sert ici de valeur, ce que RDF 1.1 ne connaît pas.",
        "es": "Una tripleta figura aquí como valor, algo que RDF 1.1 no conoce.",
    },
    "direction": {
        "en": "The text has a base direction, which RDF 1.1 does not know.",
        "fr": "Le texte porte un sens d’écriture de base, ce que RDF 1.1 ne connaît pas.",
        "es": "El texto lleva una dirección de escritura de base, algo que RDF 1.1 no conoce.",
    },
    "bidi": {
        "en": "The text holds invisible characters that change the direction of writing: {value}.",
        "fr": "Le texte contient des caractères invisibles qui changent le sens d’écriture : "
        "{value}.",
        "es": "El texto contiene caracteres invisibles que cambian la dirección de escritura: "
        "{value}.",
    },
    "nfc": {
        "en": "The text has accents as characters of their own (it is not in Unicode NFC), so "
        "searches miss it.",
        "fr": "Les accents du texte sont des caractères séparés (il n’est pas en Unicode NFC) : "
        "les recherches ne le trouvent pas.",
        "es": "Los acentos del texto son caracteres aparte (no está en Unicode NFC): las búsquedas "
        "no lo encuentran.",
    },
    "write": {"en": "write {value}", "fr": "écrire {value}", "es": "escribir {value}"},
    "add": {"en": "add {value}", "fr": "ajouter {value}", "es": "añadir {value}"},
    "exists": {
        "en": "{text} exists as {value}; write that",
        "fr": "{text} existe sous le nom {value} ; l’écrire ainsi",
        "es": "{text} existe como {value}; escribirlo así",
    },
    "tag": {
        "en": "add the language: {value}",
        "fr": "ajouter la langue : {value}",
        "es": "añadir el idioma: {value}",
    },
    "keep": {
        "en": "keep one and remove the others",
        "fr": "en garder une et retirer les autres",
        "es": "conservar uno y quitar los demás",
    },
    "remove": {"en": "remove it", "fr": "la retirer", "es": "quitarlo"},
    "describe": {
        "en": "describe {value} in the record, with its type {type}",
        "fr": "décrire {value} dans le fichier, avec son type {type}",
        "es": "describir {value} en el archivo, con su tipo {type}",
    },
    "month": {
        "en": "check the day in the source; where it gives none, write the month alone: {value}",
        "fr": "vérifier le jour dans la source ; si elle n’en donne pas, écrire le mois seul : "
        "{value}",
        "es": "comprobar el día en la fuente; si no lo da, escribir solo el mes: {value}",
    },
    # What is odd about the shapes or the validation itself.
    "no-term": {
        "en": "shape {shape}: SHACL has no term {value}",
        "fr": "forme {shape} : SHACL n’a pas de terme {value}",
        "es": "forma {shape}: SHACL no tiene el término {value}",
    },
    "no-term-near": {
        "en": "shape {shape}: SHACL has no term {value}; did you mean {near}?",
        "fr": "forme {shape} : SHACL n’a pas de terme {value} ; vouliez-vous dire {near} ?",
        "es": "forma {shape}: SHACL no tiene el término {value}; ¿quería decir {near}?",
    },
    "no-target": {
        "en": "shape {shape} has no target, and no shape uses it",
        "fr": "forme {shape} : sans cible, et aucune forme ne s’en sert",
        "es": "forma {shape}: sin objetivo, y ninguna forma la usa",
    },
    "cut": {
        "en": "more than {count} triples stand around {value}; the rest was left out",
        "fr": "plus de {count} triplets entourent {value} ; le reste a été laissé de côté",
        "es": "más de {count} tripletas rodean a {value}; el resto se ha dejado fuera",
    },
    # What our own checks are called.
    "rule-lexical-form": {
        "en": "well-formed value",
        "fr": "valeur bien formée",
        "es": "valor bien formado",
    },
    "rule-unknown-term": {
        "en": "terms of the ontology",
        "fr": "termes de l’ontologie",
        "es": "términos de la ontología",
    },
    "rule-unknown-concept": {
        "en": "known roles, kinds and goals",
        "fr": "rôles, types et objectifs connus",
        "es": "funciones, tipos y objetivos conocidos",
    },
    "rule-blank-node": {
        "en": "every node has an IRI",
        "fr": "chaque nœud a un IRI",
        "es": "cada nodo tiene un IRI",
    },
    "rule-plain-text": {"en": "plain text", "fr": "texte simple", "es": "texto simple"},
    "rule-rdf-1.1": {"en": "RDF 1.1", "fr": "RDF 1.1", "es": "RDF 1.1"},
    **COMPONENTS,
    "or": OR,
}


def of(key: str, **values: object) -> Texts:
    """A sentence in every language, its blanks filled; a value may be texts by language itself.

    >>> of("write", value="fr")["es"]
    'escribir fr'
    """
    return {
        language: text.format(
            **{
                name: value.get(language, value.get("en", ""))
                if isinstance(value, Mapping)
                else value
                for name, value in values.items()
            }
        )
        for language, text in SENTENCES[key].items()
    }


def write(choices: Sequence[str]) -> Texts:
    """A hint to write one of some texts; empty when there are none.

    >>> write(["gsef:startDate", "gsef:endDate"])["fr"]
    'écrire gsef:startDate ou gsef:endDate'
    """
    if not choices:
        return {}
    joined = {language: f" {word} ".join(choices) for language, word in OR.items()}
    return of("write", value=joined)


def component(iri: str, lang: str) -> str:
    """What a constraint component of SHACL asks for, empty for any other.

    >>> component("http://www.w3.org/ns/shacl#MinCountConstraintComponent", "fr")
    'assez de valeurs'
    """
    local = iri.removeprefix(SH).removesuffix("ConstraintComponent")
    return pick(ASKED.get(local, {}), lang)
