"""What each rule of the OWL 2 RL tables says, in English, French and Spanish.

``{0}``, ``{1}`` … stand for the names of the terms of the axiom that the rule is specialised to.
"""

from __future__ import annotations

from collections.abc import Mapping

_SENTENCES: dict[str, Mapping[str, str]] = {
    "cax-sco": {
        "en": "whatever is a “{0}” is also a “{1}”",
        "fr": "tout ce qui est « {0} » est aussi « {1} »",
        "es": "todo lo que es «{0}» es también «{1}»",
    },
    "cax-eqc1": {
        "en": "“{0}” and “{1}” are the same class",
        "fr": "« {0} » et « {1} » sont la même classe",
        "es": "«{0}» y «{1}» son la misma clase",
    },
    "prp-spo1": {
        "en": "“{0}” is a special case of “{1}”",
        "fr": "« {0} » est un cas particulier de « {1} »",
        "es": "«{0}» es un caso particular de «{1}»",
    },
    "prp-eqp1": {
        "en": "“{0}” and “{1}” say the same",
        "fr": "« {0} » et « {1} » disent la même chose",
        "es": "«{0}» y «{1}» dicen lo mismo",
    },
    "prp-inv1": {
        "en": "“{0}” and “{1}” say the same, seen from either end",
        "fr": "« {0} » et « {1} » disent la même chose, vue de l’un ou de l’autre côté",
        "es": "«{0}» y «{1}» dicen lo mismo, visto desde cada extremo",
    },
    "prp-symp": {
        "en": "“{0}” holds in both directions",
        "fr": "« {0} » vaut dans les deux sens",
        "es": "«{0}» vale en ambos sentidos",
    },
    "prp-trp": {
        "en": "“{0}” carries on from one step to the next",
        "fr": "« {0} » se transmet de proche en proche",
        "es": "«{0}» se transmite de un paso al siguiente",
    },
    "prp-dom": {
        "en": "only a “{1}” has “{0}”",
        "fr": "seul ce qui est « {1} » porte « {0} »",
        "es": "solo lo que es «{1}» lleva «{0}»",
    },
    "prp-rng": {
        "en": "“{0}” always leads to a “{1}”",
        "fr": "« {0} » mène toujours à ce qui est « {1} »",
        "es": "«{0}» lleva siempre a lo que es «{1}»",
    },
    "prp-spo2": {
        "en": "steps in a row make “{0}”",
        "fr": "des pas qui se suivent font « {0} »",
        "es": "varios pasos seguidos forman «{0}»",
    },
    "eq-sym": {
        "en": "if one is the same as the other, the other is the same as the one",
        "fr": "si l’un est identique à l’autre, l’autre est identique à l’un",
        "es": "si uno es idéntico al otro, el otro es idéntico al uno",
    },
    "eq-trans": {
        "en": "what is the same as the same thing is the same",
        "fr": "ce qui est identique à une même chose est identique",
        "es": "lo que es idéntico a una misma cosa es idéntico",
    },
    "eq-rep-s": {
        "en": "what is said of a thing holds for whatever is the same as it",
        "fr": "ce qui est dit d’une chose vaut pour tout ce qui lui est identique",
        "es": "lo que se dice de una cosa vale para todo lo que es idéntico a ella",
    },
    "scm-sco": {
        "en": "a sub-class of a sub-class is a sub-class",
        "fr": "une sous-classe d’une sous-classe est une sous-classe",
        "es": "una subclase de una subclase es una subclase",
    },
    "scm-spo": {
        "en": "a sub-property of a sub-property is a sub-property",
        "fr": "une sous-propriété d’une sous-propriété est une sous-propriété",
        "es": "una subpropiedad de una subpropiedad es una subpropiedad",
    },
    "scm-eqc1": {
        "en": "the same classes are sub-classes of each other",
        "fr": "deux classes identiques sont sous-classes l’une de l’autre",
        "es": "dos clases idénticas son subclases la una de la otra",
    },
    "scm-eqc2": {
        "en": "classes that are sub-classes of each other are the same",
        "fr": "deux classes sous-classes l’une de l’autre sont identiques",
        "es": "dos clases que son subclases la una de la otra son idénticas",
    },
    "scm-eqp1": {
        "en": "properties that say the same are sub-properties of each other",
        "fr": "deux propriétés qui disent la même chose sont sous-propriétés l’une de l’autre",
        "es": "dos propiedades que dicen lo mismo son subpropiedades la una de la otra",
    },
    "scm-eqp2": {
        "en": "properties that are sub-properties of each other say the same",
        "fr": "deux propriétés sous-propriétés l’une de l’autre disent la même chose",
        "es": "dos propiedades que son subpropiedades la una de la otra dicen lo mismo",
    },
    "scm-dom1": {
        "en": "a domain’s larger class is a domain too",
        "fr": "la classe plus large d’un domaine est aussi un domaine",
        "es": "la clase más amplia de un dominio es también un dominio",
    },
    "scm-dom2": {
        "en": "a property has the domain of the property that it is a special case of",
        "fr": "une propriété a le domaine de la propriété dont elle est un cas particulier",
        "es": "una propiedad tiene el dominio de la propiedad de la que es un caso particular",
    },
    "scm-rng1": {
        "en": "a range’s larger class is a range too",
        "fr": "la classe plus large d’un codomaine est aussi un codomaine",
        "es": "la clase más amplia de un rango es también un rango",
    },
    "scm-rng2": {
        "en": "a property has the range of the property that it is a special case of",
        "fr": "une propriété a le codomaine de la propriété dont elle est un cas particulier",
        "es": "una propiedad tiene el rango de la propiedad de la que es un caso particular",
    },
}

for _twin, _like in (
    ("cax-eqc2", "cax-eqc1"),
    ("prp-eqp2", "prp-eqp1"),
    ("prp-inv2", "prp-inv1"),
    ("eq-rep-p", "eq-rep-s"),
    ("eq-rep-o", "eq-rep-s"),
):
    _SENTENCES[_twin] = _SENTENCES[_like]

SENTENCES: Mapping[str, Mapping[str, str]] = _SENTENCES
