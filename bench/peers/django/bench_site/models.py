from django.contrib.auth.models import AbstractUser
from django.db import models


class Users(AbstractUser):
    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=200, blank=True)
    number_phone = models.CharField(max_length=10, null=True, blank=True)
    avatar = models.ImageField(upload_to='avatars/', null=True, blank=True)
