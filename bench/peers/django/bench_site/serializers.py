from rest_framework import serializers

from .models import Users


class UsersSerializer(serializers.ModelSerializer):
    class Meta:
        model = Users
        fields = [
            'id',
            'username',
            'email',
            'first_name',
            'last_name',
            'number_phone',
            'avatar',
            'date_joined',
            'last_login',
            'is_active',
            'is_staff',
            'is_superuser',
        ]
