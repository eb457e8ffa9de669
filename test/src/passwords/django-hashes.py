"""Makes django-hashes.json, the hashes that django-hashes.test.ts verifies. Outside the repository:

python3 -m venv /tmp/django && /tmp/django/bin/pip install 'django==5.2.*' argon2-cffi bcrypt
/tmp/django/bin/python test/src/passwords/django-hashes.py > test/src/passwords/django-hashes.json
"""

import importlib.metadata
import json

import argon2
from django.conf import settings
from django.contrib.auth import hashers

NAMES = ["PBKDF2", "PBKDF2SHA1", "Argon2", "Scrypt", "BCryptSHA256", "BCrypt"]
settings.configure(PASSWORD_HASHERS=[f"{hashers.__name__}.{name}PasswordHasher" for name in NAMES])

PASSWORDS = {
    "ASCII": "Correct Horse 42!",
    "Latin": "Größe-contraseña",
    "other scripts": "пароль密码סיסמה",
    "composed": "caf\u00e9",
    "decomposed": "cafe\u0301",
    "emoji": "👩‍👩‍👧🔑 Key",
    "empty": "",
    "blank": " ",
    "a space at the end": "trailing ",
    "200 characters": "Ab1-" * 50,
    "200 bytes of two each": "Åé" * 50,
    "NUL in the middle": "before\0after",
}
# bcrypt itself knows 72 bytes, and Django's library refuses more; what it makes of NUL is not taken over.
BCRYPT_PASSWORDS = {
    name: password
    for name, password in PASSWORDS.items()
    if len(password.encode()) <= 72 and "\0" not in password
}


class CheapArgon2(hashers.Argon2PasswordHasher):
    time_cost, memory_cost, parallelism = 1, 64, 2
    type, version, hash_len = argon2.Type.ID, 19, 32

    def params(self):
        return argon2.Parameters(
            type=self.type,
            version=self.version,
            salt_len=16,
            hash_len=self.hash_len,
            time_cost=self.time_cost,
            memory_cost=self.memory_cost,
            parallelism=self.parallelism,
        )


class Argon2i(CheapArgon2):
    type = argon2.Type.I


class Argon2d(CheapArgon2):
    type = argon2.Type.D


class ShortArgon2(CheapArgon2):
    """Django 1.10 with the argon2-cffi of its time."""

    type, hash_len, memory_cost, time_cost = argon2.Type.I, 16, 512, 2


class CheapScrypt(hashers.ScryptPasswordHasher):
    work_factor, parallelism = 16, 1


class WideScrypt(hashers.ScryptPasswordHasher):
    work_factor, block_size, parallelism = 32, 3, 5


# OpenSSL allows 32 MiB unless it is told otherwise, and Django doesn't.
hashers.ScryptPasswordHasher.maxmem = 2**26


class RoomyScrypt(hashers.ScryptPasswordHasher):
    work_factor, parallelism = 2**15, 1


class CheapBcryptSha256(hashers.BCryptSHA256PasswordHasher):
    rounds = 4


class CheapBcrypt(hashers.BCryptPasswordHasher):
    rounds = 4


def pbkdf2(hasher):
    hasher.iterations = 1000
    return hasher


def old_bcrypt(hasher, name):
    salt = hasher.salt().replace(b"2b", name)
    return lambda password: hasher.encode(password, salt)


def oldest_argon2(version):
    """Before Argon2's version 1.3, and before its encoding named a version."""

    def encode(password):
        encoded = argon2.low_level.hash_secret(
            password.encode(), b"sixteen bytes...", 1, 64, 2, 16, argon2.Type.I, version=16
        )
        return "argon2" + encoded.decode().replace("$v=16", version)

    return encode


def with_salt(hasher, salt=None):
    return lambda password: hashers.make_password(password, salt, hasher)


SALT = "sälz ,=&/+ 🧂"
ASCII = {"ASCII": PASSWORDS["ASCII"]}
GROUPS = [
    (PASSWORDS, with_salt(pbkdf2(hashers.PBKDF2PasswordHasher()))),
    (PASSWORDS, with_salt(pbkdf2(hashers.PBKDF2SHA1PasswordHasher()))),
    (PASSWORDS, with_salt(CheapArgon2())),
    (PASSWORDS, with_salt(CheapScrypt())),
    (PASSWORDS, with_salt(CheapBcryptSha256())),
    (BCRYPT_PASSWORDS, with_salt(CheapBcrypt())),
    (ASCII, with_salt(pbkdf2(hashers.PBKDF2PasswordHasher()), SALT)),
    (ASCII, with_salt(pbkdf2(hashers.PBKDF2SHA1PasswordHasher()), "x")),
    (ASCII, with_salt(CheapArgon2(), SALT)),
    (ASCII, with_salt(CheapScrypt(), SALT)),
    (ASCII, with_salt(WideScrypt())),
    (ASCII, with_salt(Argon2i())),
    (ASCII, with_salt(Argon2d())),
    (ASCII, with_salt(ShortArgon2())),
    (ASCII, oldest_argon2("$v=16")),
    (ASCII, oldest_argon2("")),
    (ASCII, old_bcrypt(CheapBcryptSha256(), b"2a")),
    (ASCII, old_bcrypt(CheapBcrypt(), b"2a")),
    (ASCII, old_bcrypt(CheapBcrypt(), b"2y")),
]
COSTLY = [
    hashers.PBKDF2PasswordHasher(),
    hashers.PBKDF2SHA1PasswordHasher(),
    hashers.Argon2PasswordHasher(),
    hashers.ScryptPasswordHasher(),
    RoomyScrypt(),
    hashers.BCryptSHA256PasswordHasher(),
    hashers.BCryptPasswordHasher(),
]


def row(title, password, encoded):
    assert hashers.check_password(password, encoded)
    return {"title": title, "password": password, "encoded": encoded}


versions = [f"{name} {importlib.metadata.version(name)}" for name in ("django", "argon2-cffi", "bcrypt")]
print(
    json.dumps(
        {
            "source": f"django-hashes.py beside this file, with {', '.join(versions)}",
            "cheap": [
                row(title, password, make(password))
                for passwords, make in GROUPS
                for title, password in passwords.items()
            ],
            "costly": [
                row(type(hasher).__name__, "Correct Horse 42!", with_salt(hasher)("Correct Horse 42!"))
                for hasher in COSTLY
            ],
            "seventyTwoBytes": row("72 bytes", "Ab1-" * 18, with_salt(CheapBcrypt())("Ab1-" * 18)),
        },
        ensure_ascii=True,
        indent=2,
    )
)
