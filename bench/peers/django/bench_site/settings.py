"""What `startproject` writes, without the admin site and the static files, plus the API's own settings."""

from datetime import timedelta
from pathlib import Path

# Each run has a folder of its own, which it is started in.
DATA = Path.cwd()

# The command that makes tokens and the server that reads them are two processes with one key.
SECRET_KEY = (DATA / 'secret-key').read_text()

DEBUG = False
ALLOWED_HOSTS = ['127.0.0.1']

INSTALLED_APPS = [
    'django.contrib.auth',
    'django.contrib.contenttypes',
    'django.contrib.sessions',
    'django.contrib.messages',
    'rest_framework',
    'bench_site',
]

MIDDLEWARE = [
    'django.middleware.security.SecurityMiddleware',
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.middleware.common.CommonMiddleware',
    'django.middleware.csrf.CsrfViewMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware',
    'django.middleware.clickjacking.XFrameOptionsMiddleware',
]

ROOT_URLCONF = 'bench_site.urls'
WSGI_APPLICATION = 'bench_site.wsgi.application'
AUTH_USER_MODEL = 'bench_site.Users'
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'

# No options: a rollback journal, synchronous=FULL, and each statement a transaction of its own.
DATABASES = {
    'default': {
        'ENGINE': 'django.db.backends.sqlite3',
        'NAME': DATA / 'db.sqlite3',
    }
}

TIME_ZONE = 'UTC'
USE_TZ = True
MEDIA_ROOT = DATA / 'media'
MEDIA_URL = '/media/'

REST_FRAMEWORK = {
    'DEFAULT_AUTHENTICATION_CLASSES': ['rest_framework_simplejwt.authentication.JWTAuthentication'],
}

# Longer than a run; the default is five minutes.
SIMPLE_JWT = {'ACCESS_TOKEN_LIFETIME': timedelta(days=1)}
