"""The sentences that findings are made of, in English, French and Spanish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gsefgraph.shacl.report import Texts

_LIST_WORD = {"en": "or", "fr": "ou", "es": "o"}

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
        "en": "check the day in the source; where it gives none, the month alone: {value}",
        "fr": "vérifier le jour dans la source ; si elle n’en donne pas, le mois seul : {value}",
        "es": "comprobar el día en la fuente; si no lo da, solo el mes: {value}",
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
    "unmet": {
        "en": "shape {shape}: no node of the graph is its target",
        "fr": "forme {shape} : aucun nœud du graphe n’est sa cible",
        "es": "forma {shape}: ningún nodo del grafo es su objetivo",
    },
    "cut": {
        "en": "more than {count} triples stand around {value}; the rest was left out",
        "fr": "plus de {count} triplets entourent {value} ; le reste a été laissé de côté",
        "es": "más de {count} tripletas rodean a {value}; el resto se ha dejado fuera",
    },
    # One sentence for each constraint component (SHACL, sections 4 and 5).
    "MinCount": {
        "en": "{count} of the {wanted} needed.",
        "fr": "Valeurs : {count} ; il en faut au moins {wanted}.",
        "es": "Valores: {count}; el mínimo es {wanted}.",
    },
    "MaxCount": {
        "en": "{count} values, where at most {wanted} may stand: {values}.",
        "fr": "{count} valeurs, or il en faut au plus {wanted} : {values}.",
        "es": "{count} valores, cuando puede haber como máximo {wanted}: {values}.",
    },
    "Class": {
        "en": "{value} {types}; a {wanted} is needed.",
        "fr": "{value} {types} ; il faut un {wanted}.",
        "es": "{value} {types}; se necesita un {wanted}.",
    },
    "types": {"en": "is a {value}", "fr": "est un {value}", "es": "es un {value}"},
    "untyped": {
        "en": "is not known: it has no type",
        "fr": "est inconnu : il n’a pas de type",
        "es": "es desconocido: no tiene tipo",
    },
    "literal": {"en": "is text", "fr": "est du texte", "es": "es texto"},
    "Datatype": {
        "en": "{value} is of type {found}; {wanted} is needed.",
        "fr": "{value} est de type {found} ; il faut {wanted}.",
        "es": "{value} es de tipo {found}; se necesita {wanted}.",
    },
    "NodeKind": {
        "en": "{value} is {found}; {wanted} is needed.",
        "fr": "{value} est {found} ; il faut {wanted}.",
        "es": "{value} es {found}; se necesita {wanted}.",
    },
    "MinInclusive": {
        "en": "{value} is less than {wanted}, the least allowed.",
        "fr": "{value} est inférieur à {wanted}, le minimum admis.",
        "es": "{value} es menor que {wanted}, el mínimo admitido.",
    },
    "MinExclusive": {
        "en": "{value} is not more than {wanted}.",
        "fr": "{value} n’est pas supérieur à {wanted}.",
        "es": "{value} no es mayor que {wanted}.",
    },
    "MaxInclusive": {
        "en": "{value} is more than {wanted}, the most allowed.",
        "fr": "{value} est supérieur à {wanted}, le maximum admis.",
        "es": "{value} es mayor que {wanted}, el máximo admitido.",
    },
    "MaxExclusive": {
        "en": "{value} is not less than {wanted}.",
        "fr": "{value} n’est pas inférieur à {wanted}.",
        "es": "{value} no es menor que {wanted}.",
    },
    "MinLength": {
        "en": "{value} has {count} characters; at least {wanted} are needed.",
        "fr": "Caractères de {value} : {count} ; il en faut au moins {wanted}.",
        "es": "Caracteres de {value}: {count}; el mínimo es {wanted}.",
    },
    "MaxLength": {
        "en": "{value} has {count} characters; at most {wanted} are allowed.",
        "fr": "Caractères de {value} : {count} ; il en faut au plus {wanted}.",
        "es": "Caracteres de {value}: {count}; el máximo es {wanted}.",
    },
    "Pattern": {
        "en": "{value} does not match the pattern {wanted}.",
        "fr": "{value} ne suit pas le modèle {wanted}.",
        "es": "{value} no sigue el patrón {wanted}.",
    },
    "LanguageIn": {
        "en": "{value} is not in one of the languages {wanted}.",
        "fr": "{value} n’est pas dans l’une des langues {wanted}.",
        "es": "{value} no está en uno de los idiomas {wanted}.",
    },
    "UniqueLang": {
        "en": "More than one value in a language: {values}.",
        "fr": "Plus d’une valeur dans une langue : {values}.",
        "es": "Más de un valor en un idioma: {values}.",
    },
    "Equals": {
        "en": "{value} does not stand in both {path} and {wanted}.",
        "fr": "{value} ne figure pas à la fois dans {path} et dans {wanted}.",
        "es": "{value} no figura a la vez en {path} y en {wanted}.",
    },
    "Disjoint": {
        "en": "{value} is also a value of {wanted}; the two differ.",
        "fr": "{value} est aussi une valeur de {wanted} ; les deux doivent différer.",
        "es": "{value} es también un valor de {wanted}; ambos deben diferir.",
    },
    "LessThan": {
        "en": "{value} is not before every value of {wanted}.",
        "fr": "{value} n’est pas antérieur à toutes les valeurs de {wanted}.",
        "es": "{value} no es anterior a todos los valores de {wanted}.",
    },
    "LessThanOrEquals": {
        "en": "{value} is after a value of {wanted}.",
        "fr": "{value} est postérieur à une valeur de {wanted}.",
        "es": "{value} es posterior a un valor de {wanted}.",
    },
    "Not": {
        "en": "{value} is of a form that is excluded here.",
        "fr": "{value} est d’une forme exclue ici.",
        "es": "{value} es de una forma excluida aquí.",
    },
    "And": {
        "en": "{value} does not meet all of: {wanted}.",
        "fr": "{value} ne remplit pas toutes ces conditions : {wanted}.",
        "es": "{value} no cumple todas estas condiciones: {wanted}.",
    },
    "Or": {
        "en": "{value} meets none of: {wanted}.",
        "fr": "{value} ne remplit aucune de ces conditions : {wanted}.",
        "es": "{value} no cumple ninguna de estas condiciones: {wanted}.",
    },
    "Xone": {
        "en": "{value} does not meet exactly one of: {wanted}.",
        "fr": "{value} ne remplit pas exactement une de ces conditions : {wanted}.",
        "es": "{value} no cumple exactamente una de estas condiciones: {wanted}.",
    },
    "Node": {
        "en": "{value} does not meet {wanted}.",
        "fr": "{value} n’est pas conforme à {wanted}.",
        "es": "{value} no es conforme a {wanted}.",
    },
    "QualifiedMinCount": {
        "en": "At least {wanted} of the values must be of the kind asked for: {condition}.",
        "fr": "Il faut parmi les valeurs au moins {wanted} de la sorte demandée : {condition}.",
        "es": "Entre los valores debe haber al menos {wanted} del tipo pedido: {condition}.",
    },
    "QualifiedMaxCount": {
        "en": "At most {wanted} of the values may be of the kind: {condition}.",
        "fr": "Il faut parmi les valeurs au plus {wanted} de cette sorte : {condition}.",
        "es": "Entre los valores puede haber como máximo {wanted} de este tipo: {condition}.",
    },
    "Closed": {
        "en": "The property {path} has no place here.",
        "fr": "La propriété {path} n’a pas sa place ici.",
        "es": "La propiedad {path} no tiene cabida aquí.",
    },
    "HasValue": {
        "en": "The value {wanted} is missing.",
        "fr": "La valeur {wanted} manque.",
        "es": "Falta el valor {wanted}.",
    },
    "In": {
        "en": "{value} is not one of: {wanted}.",
        "fr": "{value} n’est pas l’une des valeurs admises : {wanted}.",
        "es": "{value} no es uno de los valores admitidos: {wanted}.",
    },
    "SPARQL": {
        "en": "{value} does not meet a condition of {wanted}.",
        "fr": "{value} ne remplit pas une condition de {wanted}.",
        "es": "{value} no cumple una condición de {wanted}.",
    },
    # What a node or condition is.
    "IRI": {"en": "an IRI", "fr": "un IRI", "es": "un IRI"},
    "Literal": {"en": "text", "fr": "du texte", "es": "un texto"},
    "BlankNode": {
        "en": "a node without an IRI",
        "fr": "un nœud sans IRI",
        "es": "un nodo sin IRI",
    },
    "or": _LIST_WORD,
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
    joined = {language: f" {word} ".join(choices) for language, word in _LIST_WORD.items()}
    return of("write", value=joined)
