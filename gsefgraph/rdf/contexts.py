"""JSON-LD contexts that are known without being fetched: schema.org's and the ontology's own.

Schema.org publishes its context at several addresses. In it every name of the vocabulary is one in
http://schema.org/; a property whose values are URLs and never texts takes an IRI, and one whose
values are dates and never texts a schema:Date (the ranges of release 30.0 of the vocabulary).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from gsefgraph.errors import InputError
from gsefgraph.project import shipped
from gsefgraph.rdf import packed
from gsefgraph.terms import ONTOLOGY
from gsefgraph.wording import say

OWN = f"{ONTOLOGY}/context.jsonld"
"""The address of the ontology's own context."""

_SCHEMA = re.compile(r"https?://(?:www\.)?schema\.org/?(?:docs/jsonldcontext\.json(?:ld)?)?\Z")
_MANY = 100_000  # brackets; the largest that is published has some 3,000
_IRIS = """
    acquireLicensePage actionableFeedbackPolicy afterMedia archivedAt associatedDisease
    beforeMedia benefitsSummaryUrl codeRepository colleague colorSwatch constraintProperty
    contentUrl correctionsPolicy discussionUrl diseasePreventionInfo diseaseSpreadStatistics
    diversityPolicy diversityStaffingReport documentation downloadUrl duringMedia embedUrl
    ethicsPolicy gameLocation gettingTestedInfo hasGS1DigitalLink hasMap hasMolecularFunction
    healthPlanMarketingUrl image inCodeSet inDefinedTermSet installUrl isBasedOn isBasedOnUrl
    isInvolvedInBiologicalProcess isLocatedInSubcellularLocation isPartOf labelDetails
    layoutImage license logo mainEntityOfPage map maps masthead merchantReturnLink
    missionCoveragePrioritiesPolicy newsUpdatesAndGuidelines noBylinesPolicy originalMediaLink
    paymentUrl prescribingInfo productReturnLink publicTransportClosuresInfo
    publishingPrinciples quarantineGuidelines relatedLink replyToUrl sameAs schoolClosuresInfo
    screenshot sdLicense season serviceUrl shippingSettingsLink significantLink
    significantLinks speakable target targetUrl thumbnailUrl tourBookingPage trackingUrl
    travelBans unnamedSourcesPolicy url usageInfo verificationFactCheckingPolicy webFeed
"""
_DATES = """
    applicationStartDate auditDate availabilityEnds availabilityStarts birthDate commentTime
    dateCreated dateDeleted dateIssued dateModified datePosted datePublished dateRead
    dateVehicleFirstRegistered deathDate dissolutionDate endDate exceptDate
    expectedArrivalFrom expectedArrivalUntil expires foundingDate guidelineDate lastReviewed
    legislationDate legislationDateOfApplicability legislationDateVersion merchantReturnDays
    modelDate observationDate orderDate paymentDueDate previousStartDate priceValidUntil
    productionDate purchaseDate releaseDate scheduledPaymentDate scheduledTime sdDatePublished
    startDate uploadDate validFrom validThrough validUntil vehicleModelDate
"""
_PREFIXES = {
    "bibo": "http://purl.org/ontology/bibo/",
    "brick": "https://brickschema.org/schema/Brick#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcam": "http://purl.org/dc/dcam/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcmitype": "http://purl.org/dc/dcmitype/",
    "dct": "http://purl.org/dc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "dctype": "http://purl.org/dc/dcmitype/",
    "doap": "http://usefulinc.com/ns/doap#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gs1": "https://ref.gs1.org/voc/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "mo": "http://purl.org/ontology/mo/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "og": "http://ogp.me/ns#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prof": "http://www.w3.org/ns/dx/prof/",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "ssn": "http://www.w3.org/ns/ssn/",
    "time": "http://www.w3.org/2006/time#",
    "unece": "http://unece.org/vocab#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def read(path: Path) -> Any:
    """The context that a file holds under ``@context``.

    Errors:
        InputError: no such file, or it holds none.

    >>> read(shipped().ontology / "context.jsonld")["startDate"]["@id"]
    'gsef:startDate'
    """
    try:
        text = packed.content(path).decode("utf-8-sig")
        if max(text.count("{"), text.count("[")) > _MANY:
            raise ValueError(path)
        return json.loads(text)["@context"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(say("rdf.no-context"), file=str(path)) from None


def known(address: str, given: Mapping[str, str | Path], base: str | None) -> Any:
    """The context at an address, None where it would have to be fetched.

    Parameters:
        address: as a document names it, resolved against the document's own.
        given: files of contexts by their addresses, which the user named.
        base: the document's address; a context may stand in a file beside it, or below.

    Errors:
        InputError: a file that holds no context.

    >>> known("https://schema.org", {}, None)["startDate"]
    {'@id': 'schema:startDate', '@type': 'Date'}
    """
    if address in given:
        return read(Path(given[address]))
    if _SCHEMA.match(address):
        return _schema()
    if address == OWN:
        return read(shipped().ontology / "context.jsonld")
    file = beside(address, base)
    return None if file is None else read(file)


def beside(address: str, base: str | None) -> Path | None:
    """The file that an address means, where it stands beside a document's file, or below.

    >>> beside("file:///elsewhere", "file:///here/a.jsonld")
    """
    from urllib.parse import unquote

    if base is None or not (base.startswith("file:") and address.startswith("file:")):
        return None
    document, file = (Path(unquote(iri.removeprefix("file://"))) for iri in (base, address))
    return file if file.is_relative_to(document.parent) and packed.exists(file) else None


@cache
def _schema() -> dict[str, Any]:
    typed = {"@id": _IRIS, "Date": _DATES}
    return {
        "@vocab": "http://schema.org/",
        "type": "@type",
        "id": "@id",
        "HTML": {"@id": "rdf:HTML"},
        **_PREFIXES,
        **{
            name: {"@id": f"schema:{name}", "@type": kind}
            for kind, names in typed.items()
            for name in names.split()
        },
    }
