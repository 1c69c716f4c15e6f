"""The configuration of the editor in the browser (Sveltia CMS), made from the model and the vocabulary.

The editor proposes, it never publishes: each save becomes a request to the
project's repository, and the one check looks at that request like at any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from catalog import forms, wording
from catalog.forms import FormField
from catalog.model import KINDS, Measure, Page, Partner, Record
from catalog.naming import HOST, ID, MAX_ID
from catalog.problems import SiteError
from catalog.store import Catalog
from catalog.vocabulary import Vocabulary

Config = dict[str, Any]

# What editors see, in this order. partners/others.yml is one file for many records, which Sveltia would not keep whole.
EDITED = ("partner", "network", "phase", "measure", "contact", "speaker", "document")
ICONS = {
    "partner": "apartment", "network": "hub", "phase": "timeline", "measure": "edit_note", "contact": "contact_mail",
    "speaker": "record_voice_over", "document": "description",
}  # fmt: skip
# Up to so many choices are explained below the field; a longer explanation is read by nobody.
EXPLAINED = 7
# What the toolbar offers is what the pages show.
BUTTONS = ("bold", "italic", "link", "heading-two", "heading-three", "bulleted-list", "numbered-list", "quote")
_REQUESTS = {"github": "Pull Request", "gitlab": "Merge Request"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``mkdocs.yml`` says about the repository.

    Attributes:
        forge: ``github`` or ``gitlab`` (openCode too).
        origin: the forge's address without a path.
        repository: owner and name, such as ``gruppe/projekt``.
        branch: the branch to which requests go.
        app_id: the OAuth application of a GitLab; empty if editors sign in by a token.
        title: the site's name.
        site_url: the site's address.
    """

    forge: str
    origin: str
    repository: str
    branch: str
    app_id: str
    title: str
    site_url: str

    @property
    def token_only(self) -> bool:
        """Whether editors must make a token, since no application is registered that would sign them in."""
        return self.forge == "github" or not self.app_id


def settings(known: Mapping[str, Any]) -> Settings:
    """What the editor needs to know from ``mkdocs.yml``.

    Raises:
        SiteError: in German, with the way out, if the forge can't take requests or no repository is named.
    """
    editing = known.get("extra", {}).get("editing", {})
    forge = str(editing.get("forge", ""))
    if forge not in _REQUESTS:
        raise SiteError(
            f"mkdocs.yml: extra.editing.forge: „{forge}“: Die Redaktion im Browser braucht eine Plattform, in der sie "
            "Vorschläge anlegen kann; das sind github und gitlab. Bitte scripts/redaktion weglassen: "
            "Das Formular unter mitmachen/vorschlag/ arbeitet mit jeder Plattform."
        )
    address = str(known.get("repo_url", ""))
    parts = urlsplit(address)
    repository = parts.path.strip("/").removesuffix(".git")
    if parts.scheme != "https" or not HOST.fullmatch(parts.netloc) or "/" not in repository:
        raise SiteError(
            f"mkdocs.yml: repo_url: „{address}“ nennt kein Repository. "
            "Zum Beispiel: https://gitlab.opencode.de/gruppe/projekt/"
        )
    return Settings(
        forge=forge,
        origin=f"https://{parts.netloc}",
        repository=repository,
        branch=str(editing.get("branch", "main")),
        app_id=str(editing.get("app_id") or ""),
        title=str(known.get("site_name", "")),
        site_url=str(known.get("site_url", "")),
    )


def policy(chosen: Settings) -> str:
    """The page's Content Security Policy: nothing but the site itself and the forge."""
    forge = "https://api.github.com" if chosen.origin == "https://github.com" else chosen.origin
    return "; ".join(
        (
            "default-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",  # Sveltia writes its styles into the page
            f"img-src 'self' blob: data: {forge}",
            "font-src 'self'",
            f"connect-src 'self' data: {forge}",  # Sveltia reads its own logo, which is a data address
        )
    )


def configuration(catalog: Catalog, chosen: Settings) -> Config:
    """All that the page loads.

    Returns:
        ``cms``: Sveltia's own configuration. ``folders``: kind -> id and labels of each folder in which its records
        lie; the page makes a collection of each (``redaktion/main.js``), so that an editor sees the own organisation
        and can't file a measure elsewhere. ``records``: name of a file format -> its fields, for reading and writing
        files (``redaktion/record.js``).
    """
    fields = {kind: forms.fields(KINDS[kind], catalog.vocabulary) for kind in KINDS}
    edited = [_edited(KINDS[kind], fields[kind], catalog) for kind in EDITED]
    targets = [_target(KINDS[kind], catalog.vocabulary) for kind in _single_targets(fields[kind] for kind in EDITED)]
    return {
        "cms": {**_site(chosen), "backend": _backend(chosen), "collections": [*edited, *targets]},
        "folders": {kind: _folders(KINDS[kind], catalog) for kind in EDITED if KINDS[kind].nested},
        "records": {collection["format"]: _shapes(fields[collection["name"]]) for collection in [*edited, *targets]},
    }


def _folders(cls: type[Record], catalog: Catalog) -> list[Config]:
    """The folders in which records of a nested kind lie, by their German names."""
    one, many = cls.label
    if cls is Measure:
        named = [(partner.id, partner.name, partner.name) for partner in catalog.all(Partner)]
    else:
        terms = catalog.vocabulary["programmes"].values()
        named = [(term.key, term.label, f"{many}: {term.label}") for term in terms]
    return [
        {"id": id_, "label": label, "label_singular": f"{one} ({name})", "description": f"{many}: {name}"}
        for id_, name, label in sorted(named, key=lambda entry: entry[1].casefold())
    ]


def _site(chosen: Settings) -> Config:
    return {
        "load_config_file": False,
        "publish_mode": "editorial_workflow",
        "app_title": f"Redaktion – {chosen.title}",
        "site_url": chosen.site_url,
        "logo": {"src": f"{urlsplit(chosen.site_url).path.rstrip('/')}/assets/icon.svg", "show_in_header": False},
        "show_preview_links": False,
        "editor": {"preview": False},
        # An uploaded picture would reach the branch without a request, so there is no folder for any. Sveltia demands
        # one unless some other library is named, be it to say that it is off.
        "media_libraries": {"default": False, "cloudinary": False, "stock_assets": {"providers": []}},
        "slug": {"encoding": "ascii", "clean_accents": True, "maxlength": MAX_ID},
        "output": {"omit_empty_optional_fields": True},
    }


def _backend(chosen: Settings) -> Config:
    request = _REQUESTS[chosen.forge]
    backend: Config = {
        "name": chosen.forge,
        "repo": chosen.repository,
        "branch": chosen.branch,
        "commit_messages": {
            "create": "{{collection}}: {{slug}} ergänzt",
            "update": "{{collection}}: {{slug}} geändert",
            "delete": "{{collection}}: {{slug}} gelöscht",
            "uploadMedia": "Bild „{{path}}“ hochgeladen",
            "deleteMedia": "Bild „{{path}}“ gelöscht",
            "openAuthoring": f"{{{{message}}}} ({request})",
        },
    }
    if chosen.forge == "gitlab":
        backend |= {"base_url": chosen.origin, "api_root": f"{chosen.origin}/api/v4"}
    elif chosen.origin != "https://github.com":
        backend |= {"api_root": f"{chosen.origin}/api/v3"}
    if chosen.token_only:
        return backend | {"auth_methods": ["token"]}
    return backend | {"auth_type": "pkce", "app_id": chosen.app_id}


def _edited(cls: type[Record], fields: Iterable[FormField], catalog: Catalog) -> Config:
    """A collection in which editors work."""
    return _collection(cls, catalog.vocabulary) | {
        "icon": ICONS[cls.kind],
        # No page disappears by a click; its address may be linked from anywhere.
        "delete": False,
        "publish": False,
        "slug": {
            "template": "{{title}}",
            "editable": ["create"],
            "hint": "Name der Datei und Teil der Adresse. Er bleibt, auch wenn sich der Titel ändert.",
            "pattern": [f"^(?:{ID.pattern})?$", f"Nur a–z, Ziffern und Bindestriche, höchstens {MAX_ID} Zeichen."],
        },
        "fields": [*(_widget(field, cls, catalog) for field in fields), _BODY],
    }


_BODY: Config = {
    "name": "body",
    "label": "Text",
    "widget": "richtext",
    "required": False,
    "hint": "25 bis 200 Wörter in eigenen Worten und kurzen Sätzen.",
    "buttons": list(BUTTONS),
    "editor_components": [],
    "linked_images": False,
    "use_emoji_autocomplete": False,
}


def _target(cls: type[Record], vocabulary: Vocabulary) -> Config:
    """A collection that other records name, and that is not edited here."""
    collection = _collection(cls, vocabulary)
    shown = [forms.field(cls, key, vocabulary) for key in ("title", collection["filter"]["field"])]
    return collection | {
        "hide": True,
        "create": False,
        "delete": False,
        "fields": [{"name": field.key, "label": field.title, "widget": "string"} for field in shown],
    }


def _collection(cls: type[Record], vocabulary: Vocabulary) -> Config:
    collection: Config = {
        "name": cls.kind,
        "label": cls.label[1],
        "label_singular": cls.label[0],
        "folder": cls.folder,
        "format": f"record-{cls.kind}",
    }
    if cls.folder.startswith("docs/") and not cls.nested:
        # The index page of the folder is no record; it lacks what each of these must have.
        pages = {field.key for field in forms.fields(Page, vocabulary)}
        own = next(f.key for f in forms.fields(cls, vocabulary) if f.required and f.key not in pages)
        collection["filter"] = {"field": own, "pattern": "^(?!null$)"}
    return collection


def _single_targets(edited: Iterable[Iterable[FormField]]) -> list[str]:
    """The kinds that are named alone by some field and not edited, in the order of the model."""
    named = {field.refers_to[0] for fields in edited for field in forms.flat(fields) if len(field.refers_to) == 1}
    return [kind for kind in KINDS if kind in named and kind not in EDITED]


def _shapes(fields: Iterable[FormField]) -> list[Config]:
    """What reading and writing a file must know of its fields."""
    return [
        {"key": f.key, "kind": f.kind, "many": f.many, **({"parts": _shapes(f.parts)} if f.parts else {})}
        for f in fields
    ]


def _widget(field: FormField, cls: type[Record], catalog: Catalog) -> Config:
    widget = {
        "name": field.key,
        "label": field.title,
        "required": field.required,
        "hint": _hint(field),
        **_kind(field, cls, catalog),
    }
    if field.required and field.many:
        widget["min"] = 1
    return widget


def _kind(field: FormField, cls: type[Record], catalog: Catalog) -> Config:
    match field.kind:
        case "part":
            return _parts(field, cls, catalog)
        case "flag":
            return {"widget": "boolean"}
        case "language":
            return _select(field, [{"label": name, "value": code} for code, name in _languages(catalog.vocabulary)])
        case "count":
            return {"widget": "number", "value_type": "int/string", "min": 0, "max": 999_999}
        case "choice":
            return _select(field, [{"label": choice.label, "value": choice.value} for choice in field.choices])
        case "reference":
            return _reference(field, cls, catalog)
    if field.many:
        return {"widget": "list", "field": {"name": "item", "label": field.title, **_string(field)}}
    return _string(field)


def _languages(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Codes and German names of all languages that a record may name, in the order of the names."""
    return sorted(wording.languages(vocabulary).items(), key=lambda pair: pair[1].casefold())


def _parts(field: FormField, cls: type[Record], catalog: Catalog) -> Config:
    return {
        "widget": "list" if field.many else "object",
        "fields": [_widget(part, cls, catalog) for part in field.parts],
        "summary": " · ".join(f"{{{{fields.{part.key}}}}}" for part in field.parts[:2]),
        "collapsed": "auto",
    }


def _string(field: FormField) -> Config:
    widget: Config = {"widget": "text" if field.kind in ("sentence", "text") else "string"}
    widget["use_emoji_autocomplete"] = False
    if field.maximum and not field.many:
        widget["maxlength"] = field.maximum
    if field.pattern and field.complaint:
        widget["pattern"] = [field.pattern, field.complaint]
    return widget


def _select(field: FormField, options: list[Config]) -> Config:
    widget: Config = {"widget": "select", "options": options}
    if field.many:
        widget |= {"multiple": True}
    return widget


def _reference(field: FormField, cls: type[Record], catalog: Catalog) -> Config:
    """A relation where one collection is meant, else a list of all names, since Sveltia can't look in several."""
    kinds = field.refers_to
    if len(kinds) > 1 or (KINDS[kinds[0]].nested and kinds[0] != cls.kind):
        named = ((record.title, record.ref) for kind in kinds for record in catalog.of(kind).values())
        ordered = sorted(named, key=lambda pair: pair[0].casefold())
        return _select(field, [{"label": title, "value": ref} for title, ref in ordered])
    relation: Config = {
        "widget": "relation",
        "collection": kinds[0],  # a nested kind means the record's own folder, in which siblings are named by their id
        "value_field": "{{slug}}",
        "display_fields": ["title"],
        "search_fields": ["title"],
    }
    return relation | ({"multiple": True} if field.many else {})


def _hint(field: FormField) -> str:
    said = [field.description]
    if field.examples:
        said.append(f"Zum Beispiel: {', '.join(f'„{example}“' for example in field.examples)}.")
    if 0 < len(field.choices) <= EXPLAINED:
        said += [f"{choice.label}: {choice.definition}" for choice in field.choices]
    return " ".join(said)
