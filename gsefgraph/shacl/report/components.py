"""What each constraint component says (SHACL, sections 4 and 5), in English, French and Spanish.

A key is the component's local name; a key with a hyphen is the same component where more is known,
or less: ``MinCount-none`` when there is no value at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from gsefgraph.shacl.report.report import Texts

OR: Texts = {"en": "or", "fr": "ou", "es": "o"}

COMPONENTS: Mapping[str, Texts] = {
    "MinCount": {
        "en": "Values of {path}: {count}; needed: at least {wanted}.",
        "fr": "Nombre de valeurs pour {path} : {count} ; il en faut au moins {wanted}.",
        "es": "Número de valores para {path}: {count}; el mínimo es {wanted}.",
    },
    "MinCount-none": {
        "en": "No value of {path}; needed: at least {wanted}.",
        "fr": "Aucune valeur pour {path} ; il en faut au moins {wanted}.",
        "es": "Ningún valor para {path}; el mínimo es {wanted}.",
    },
    "MaxCount": {
        "en": "{count} values, where at most {wanted} may stand: {values}.",
        "fr": "{count} valeurs, or on en admet au plus {wanted} : {values}.",
        "es": "{count} valores, cuando puede haber como máximo {wanted}: {values}.",
    },
    "MaxCount-bare": {
        "en": "{count} values of {path}, where at most {wanted} may stand.",
        "fr": "{count} valeurs pour {path}, or on en admet au plus {wanted}.",
        "es": "{count} valores para {path}, cuando puede haber como máximo {wanted}.",
    },
    "MaxCount-zero": {
        "en": "The property {path} must have no value here.",
        "fr": "La propriété {path} ne doit pas avoir de valeur ici.",
        "es": "La propiedad {path} no debe tener ningún valor aquí.",
    },
    "Class": {
        "en": "{value} {types}; type needed: {wanted}.",
        "fr": "{value} {types} ; il faut un {wanted}.",
        "es": "{value} {types}; se necesita un {wanted}.",
    },
    "Class-named": {
        "en": "{value} {types}; type needed: {wanted}.",
        "fr": "{value} {types} ; type attendu : {wanted}.",
        "es": "{value} {types}; tipo esperado: {wanted}.",
    },
    "types": {"en": "is of type {value}", "fr": "est un {value}", "es": "es un {value}"},
    "types-named": {
        "en": "is of type {value}",
        "fr": "est de type {value}",
        "es": "es de tipo {value}",
    },
    "untyped": {
        "en": "has no type that is known",
        "fr": "n’a pas de type connu",
        "es": "no tiene ningún tipo conocido",
    },
    "literal": {"en": "is text", "fr": "est du texte", "es": "es texto"},
    "Datatype": {
        "en": "{value} is of type {found}; {wanted} is needed.",
        "fr": "{value} est de type {found} ; il faut {wanted}.",
        "es": "{value} es de tipo {found}; se necesita {wanted}.",
    },
    "Datatype-ill": {
        "en": "{value} {fault}.",
        "fr": "{value} {fault}.",
        "es": "{value} {fault}.",
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
    "incomparable": {
        "en": "{value} cannot be compared with {wanted}, the bound set here.",
        "fr": "{value} n’est pas comparable à {wanted}, la borne fixée ici.",
        "es": "{value} no se puede comparar con {wanted}, el límite fijado aquí.",
    },
    "incomparable-other": {
        "en": "{value} cannot be compared with {others} ({wanted}).",
        "fr": "{value} n’est pas comparable à {others} ({wanted}).",
        "es": "{value} no se puede comparar con {others} ({wanted}).",
    },
    "MinLength": {
        "en": "Characters of {value}: {length}; needed: at least {wanted}.",
        "fr": "Nombre de caractères dans {value} : {length} ; il en faut au moins {wanted}.",
        "es": "Número de caracteres de {value}: {length}; el mínimo es {wanted}.",
    },
    "MaxLength": {
        "en": "Characters of {value}: {length}; at most {wanted} allowed.",
        "fr": "Nombre de caractères dans {value} : {length} ; on en admet au plus {wanted}.",
        "es": "Número de caracteres de {value}: {length}; el máximo es {wanted}.",
    },
    "no-text": {
        "en": "{value} is a node without an IRI, so it has no text to look at.",
        "fr": "{value} est un nœud sans IRI : il n’a pas de texte à examiner.",
        "es": "{value} es un nodo sin IRI: no tiene texto que examinar.",
    },
    "Pattern": {
        "en": "{value} does not match the pattern {wanted}.",
        "fr": "{value} ne suit pas le modèle {wanted}.",
        "es": "{value} no sigue el patrón {wanted}.",
    },
    "LanguageIn": {
        "en": "{value} is in none of the languages allowed: {wanted}.",
        "fr": "{value} n’est dans aucune des langues admises : {wanted}.",
        "es": "{value} no está en ninguno de los idiomas admitidos: {wanted}.",
    },
    "UniqueLang": {
        "en": "More than one value in a language: {values}.",
        "fr": "Plus d’une valeur dans une même langue : {values}.",
        "es": "Más de un valor en un mismo idioma: {values}.",
    },
    "UniqueLang-tag": {
        "en": "More than one value of {path} in the language {tag}.",
        "fr": "Plus d’une valeur pour {path} dans la langue {tag}.",
        "es": "Más de un valor para {path} en el idioma {tag}.",
    },
    "UniqueLang-bare": {
        "en": "More than one value of {path} in a language.",
        "fr": "Plus d’une valeur pour {path} dans une même langue.",
        "es": "Más de un valor para {path} en un mismo idioma.",
    },
    "Equals": {
        "en": "{value} is a value of only one of {path} and {wanted}, which must have the same.",
        "fr": "{value} n’est une valeur que de l’une des propriétés {path} et {wanted}, qui "
        "doivent avoir les mêmes.",
        "es": "{value} es valor de solo una de las propiedades {path} y {wanted}, que deben tener "
        "los mismos.",
    },
    "Equals-node": {
        "en": "The property {wanted} must have the node itself as its only value; at fault: "
        "{value}.",
        "fr": "La propriété {wanted} doit avoir pour seule valeur le nœud lui-même ; en cause : "
        "{value}.",
        "es": "La propiedad {wanted} debe tener como único valor el propio nodo; en cuestión: "
        "{value}.",
    },
    "Disjoint": {
        "en": "{value} is also a value of {wanted}, where it may not stand.",
        "fr": "{value} est aussi une valeur de la propriété {wanted}, où elle ne doit pas figurer.",
        "es": "{value} es también un valor de la propiedad {wanted}, donde no debe figurar.",
    },
    "LessThan": {
        "en": "{value} does not come before {others} ({wanted}).",
        "fr": "{value} ne précède pas {others} ({wanted}).",
        "es": "{value} no precede a {others} ({wanted}).",
    },
    "LessThan-bare": {
        "en": "{value} does not come before every value of {wanted}.",
        "fr": "{value} ne précède pas toutes les valeurs de la propriété {wanted}.",
        "es": "{value} no precede a todos los valores de la propiedad {wanted}.",
    },
    "LessThanOrEquals": {
        "en": "{value} neither comes before nor equals {others} ({wanted}).",
        "fr": "{value} ne précède ni n’égale {others} ({wanted}).",
        "es": "{value} no precede ni es igual a {others} ({wanted}).",
    },
    "LessThanOrEquals-bare": {
        "en": "{value} neither comes before nor equals every value of {wanted}.",
        "fr": "{value} ne précède ni n’égale toutes les valeurs de la propriété {wanted}.",
        "es": "{value} no precede ni es igual a todos los valores de la propiedad {wanted}.",
    },
    "Not": {
        "en": "{value} meets what is excluded here: {wanted}.",
        "fr": "{value} remplit une condition exclue ici : {wanted}.",
        "es": "{value} cumple una condición excluida aquí: {wanted}.",
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
    "Node-asks": {
        "en": "What is asked for there: {wanted}.",
        "fr": "Ce qui y est demandé : {wanted}.",
        "es": "Lo que allí se pide: {wanted}.",
    },
    "QualifiedMinCount": {
        "en": "Values of {path} of the kind asked for ({wanted}): {count}; needed: at least "
        "{least}.",
        "fr": "Nombre de valeurs pour {path} qui remplissent la condition ({wanted}) : {count} ; "
        "il en faut au moins {least}.",
        "es": "Número de valores para {path} que cumplen la condición ({wanted}): {count}; "
        "el mínimo es {least}.",
    },
    "QualifiedMinCount-bare": {
        "en": "At least {least} of the values must be of the kind asked for: {wanted}.",
        "fr": "Nombre minimal de valeurs qui doivent remplir la condition ({wanted}) : {least}.",
        "es": "Número mínimo de valores que deben cumplir la condición ({wanted}): {least}.",
    },
    "QualifiedMaxCount": {
        "en": "Values of {path} of this kind ({wanted}): {count}; at most {least} allowed.",
        "fr": "Nombre de valeurs pour {path} qui remplissent la condition ({wanted}) : {count} ; "
        "on en admet au plus {least}.",
        "es": "Número de valores para {path} que cumplen la condición ({wanted}): {count}; "
        "el máximo es {least}.",
    },
    "QualifiedMaxCount-bare": {
        "en": "At most {least} of the values may be of the kind: {wanted}.",
        "fr": "Nombre maximal de valeurs qui peuvent remplir la condition ({wanted}) : {least}.",
        "es": "Número máximo de valores que pueden cumplir la condición ({wanted}): {least}.",
    },
    "Closed": {
        "en": "The property {path} has no place here.",
        "fr": "La propriété {path} n’a pas sa place ici.",
        "es": "La propiedad {path} no tiene cabida aquí.",
    },
    "HasValue": {
        "en": "{path} lacks the value {wanted}.",
        "fr": "Il manque à la propriété {path} la valeur {wanted}.",
        "es": "A la propiedad {path} le falta el valor {wanted}.",
    },
    "HasValue-node": {
        "en": "{value} is not {wanted}, the one node allowed here.",
        "fr": "{value} n’est pas {wanted}, le seul nœud admis ici.",
        "es": "{value} no es {wanted}, el único nodo admitido aquí.",
    },
    "In": {
        "en": "{value} is not one of: {wanted}.",
        "fr": "{value} n’est pas l’une des valeurs admises : {wanted}.",
        "es": "{value} no es uno de los valores admitidos: {wanted}.",
    },
    "SPARQL": {
        "en": "{value} does not meet a condition of {wanted}.",
        "fr": "{value} ne remplit pas une condition posée par {wanted}.",
        "es": "{value} no cumple una condición impuesta por {wanted}.",
    },
    # What a node or condition is.
    "IRI": {"en": "an IRI", "fr": "un IRI", "es": "un IRI"},
    "Literal": {"en": "text", "fr": "du texte", "es": "un texto"},
    "BlankNode": {
        "en": "a node without an IRI",
        "fr": "un nœud sans IRI",
        "es": "un nodo sin IRI",
    },
}  # fmt: skip

# What a component asks for, for those who see a rule without a name of its own.
ASKED: Mapping[str, Texts] = {
    kind: {"en": en, "fr": fr, "es": es}
    for kind, en, fr, es in (
        ("MinCount", "enough values", "assez de valeurs", "suficientes valores"),
        ("MaxCount", "not too many values", "pas trop de valeurs", "no demasiados valores"),
        ("Class", "type of the value", "type de la valeur", "tipo del valor"),
        ("Datatype", "datatype", "type de données", "tipo de datos"),
        ("NodeKind", "IRI, text or node without an IRI", "IRI, texte ou nœud sans IRI",
         "IRI, texto o nodo sin IRI"),
        ("MinInclusive", "least value", "valeur minimale", "valor mínimo"),
        ("MinExclusive", "lower bound", "borne inférieure", "límite inferior"),
        ("MaxInclusive", "greatest value", "valeur maximale", "valor máximo"),
        ("MaxExclusive", "upper bound", "borne supérieure", "límite superior"),
        ("MinLength", "least length", "longueur minimale", "longitud mínima"),
        ("MaxLength", "greatest length", "longueur maximale", "longitud máxima"),
        ("Pattern", "form of the text", "forme du texte", "forma del texto"),
        ("LanguageIn", "language of the text", "langue du texte", "idioma del texto"),
        ("UniqueLang", "one text for each language", "un texte par langue",
         "un texto por idioma"),
        ("Equals", "same values as another property", "mêmes valeurs qu’une autre propriété",
         "los mismos valores que otra propiedad"),
        ("Disjoint", "no value of another property", "aucune valeur d’une autre propriété",
         "ningún valor de otra propiedad"),
        ("LessThan", "before another property", "avant les valeurs d’une autre propriété",
         "antes que los valores de otra propiedad"),
        ("LessThanOrEquals", "not after another property",
         "pas après les valeurs d’une autre propriété",
         "no después de los valores de otra propiedad"),
        ("Not", "excluded condition", "condition exclue", "condición excluida"),
        ("And", "all of several conditions", "toutes les conditions", "todas las condiciones"),
        ("Or", "one of several conditions", "l’une des conditions", "una de las condiciones"),
        ("Xone", "exactly one of several conditions", "une seule des conditions",
         "solo una de las condiciones"),
        ("Node", "conformance to another shape", "conformité à une autre forme",
         "conformidad con otra forma"),
        ("QualifiedMinCount", "enough values of a kind",
         "assez de valeurs remplissant une condition",
         "suficientes valores que cumplan una condición"),
        ("QualifiedMaxCount", "not too many values of a kind",
         "pas trop de valeurs remplissant une condition",
         "no demasiados valores que cumplan una condición"),
        ("Closed", "no other property", "aucune autre propriété", "ninguna otra propiedad"),
        ("HasValue", "a given value", "une valeur donnée", "un valor dado"),
        ("In", "one of the values listed", "l’une des valeurs de la liste",
         "uno de los valores de la lista"),
        ("SPARQL", "a condition in SPARQL", "une condition en SPARQL", "una condición en SPARQL"),
    )
}  # fmt: skip
