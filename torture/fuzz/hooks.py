"""What schemathesis can't know: who there is, whose token it sends, and what the document can't say of a valid body.

FUZZ_PEOPLE is a file of JSON: {"origin", "own_path", "others", "deleted", "signs_in"}; FUZZ_SEED a number.
"""

import json
import os
import random
import urllib.request

import jsonschema_rs
import schemathesis

with open(os.environ["FUZZ_PEOPLE"], encoding="utf-8") as file:
    PEOPLE = json.load(file)
RANDOM = random.Random(int(os.environ["FUZZ_SEED"]))
PASSWORD = "correct horse 42"

# Sentences of 400s that a JSON Schema can't foretell, with why.
BEYOND_SCHEMAS = (
    # Unique names, which depend on who else there is.
    "already exists.",
    # Texts are trimmed first (Django REST Framework), so one of white space only is blank.
    "This field may not be blank.",
    # JSON Schema's patterns can't tell half a surrogate pair, and tools generate U+0000 whatever they say.
    "Null characters are not allowed.",
    "Surrogate characters are not allowed:",
    # Names are normalised before they are judged (NFKC), which can make them longer, or of other characters.
    "Enter a valid username.",
    # `format: email` is a wider thing than Django's EmailValidator.
    "This field must be a valid email address.",
    "Ensure this field has no more than 150 characters.",
    # Django's validators of passwords: common ones, numbers only, those like the name.
    "This password is too",
    "This password is entirely numeric.",
    "The password is too similar to the",
    # Whether a password or a token is the right one.
    "Invalid email or password.",
    "Your old password was entered incorrectly.",
    "Token is blacklisted",
    # A form's field that is called as what every object of JavaScript has (@fastify/multipart).
    "Multipart form parse error - a field has a name that is not allowed",
    # Bytes that are no picture: the document asks for a file, whatever it holds.
    "Upload a valid image.",
    "The submitted file is empty.",
    "The submitted data was not a file.",
)


class Fuzzed:
    """The account that requests are made with: a new one when its tokens are dead."""

    serial = 0
    current = None

    @classmethod
    def sign_up(cls):
        cls.serial += 1
        name = f"fuzzed-{os.getpid()}-{cls.serial}"
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        request = urllib.request.Request(
            f"{PEOPLE['origin']}/api/sign-up/",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            answer = json.load(response)
        cls.current = {**body, "id": answer["user"]["id"], "access": answer["access"], "refresh": answer["refresh"]}
        return cls.current


def account():
    return Fuzzed.current or Fuzzed.sign_up()


if os.environ.get("FUZZ_SIGNED_IN") == "yes":

    # Asked again where a request got 401, and now and then.
    @schemathesis.auth(refresh_interval=20)
    class Bearer:
        def get(self, case, ctx):
            return Fuzzed.sign_up()["access"]

        def set(self, case, data, ctx):
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts what exists in the place of half of what was made up, so that more than refusals is reached."""
    # What has to be refused stays as it is, and so does an id that an answer brought.
    if not case.meta.generation.mode.is_positive or case.meta.phase.name.name == "STATEFUL":
        return
    parameters = case.path_parameters or {}
    made_up = parameters.get("id")
    if isinstance(made_up, int) and not isinstance(made_up, bool) and made_up >= 1:
        own = account()["id"]
        parameters["id"] = RANDOM.choice([own] * 6 + [made_up, *PEOPLE["others"], *PEOPLE["deleted"]])
    if isinstance(parameters.get("path"), str) and RANDOM.random() < 0.5:
        parameters["path"] = RANDOM.choice([PEOPLE["picture"], PEOPLE["picture"].replace(".jpg", "@64.webp")])
    if isinstance(case.body, dict) and RANDOM.random() < 0.5:
        for name, value in known_values(case).items():
            if isinstance(case.body.get(name), str):
                case.body[name] = value


def known_values(case):
    path = case.operation.path
    if path.endswith("/sign-in/") or path.endswith("/token/"):
        person = PEOPLE["signs_in"]
        return {"email": person["email"], "username": person["username"], "password": PASSWORD}
    if path.endswith("/password/"):
        return {"current_password": PASSWORD, "new_password": PASSWORD}
    if "/token/" in path:
        person = account()
        return {"refresh": person["refresh"], "token": person["access"]}
    return {}


def sentences(value):
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [one for item in value for one in sentences(item)]
    return [one for item in value.values() for one in sentences(item)] if isinstance(value, dict) else []


def is_valid_with_texts(case):
    """Whether a body is what its schema asks for once its numbers are texts, as Django REST Framework takes them."""
    content = case.operation.definition.raw.get("requestBody", {}).get("content", {})
    if not isinstance(case.body, dict) or case.media_type not in content:
        return False
    texts = {
        name: str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
        for name, value in case.body.items()
    }
    return jsonschema_rs.is_valid(content[case.media_type]["schema"], texts)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Lets pass what the document can't say: each of these for its reason, and nothing else."""
    kind = type(failure).__name__
    # A number for a text is its text (docs/api.md), which would make every field of every client two types in the document.
    if kind == "AcceptedNegativeData":
        # An empty size of a picture is none, as a form without one sends it.
        if (case.query or {}).get("size", 1) in ("", None, []):
            return False
        return not is_valid_with_texts(case)
    if kind != "RejectedPositiveData" or response.status_code != 400:
        return True
    # That it takes an email or a username is said in words: generators of clients make nothing good of `anyOf`.
    if case.operation.path.endswith("/sign-in/") and response.json() == {"email": ["This field is required."]}:
        return "username" in case.body or "email" in case.body
    said = sentences(response.json())
    return not said or not all(any(known in one for known in BEYOND_SCHEMAS) for one in said)
