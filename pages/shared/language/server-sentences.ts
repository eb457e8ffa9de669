import { language } from './language.ts'

type Translate = (...found: string[]) => string

/** The service's sentences, which are English, in Spanish. */
const SPANISH: [RegExp, Translate | string][] = [
  [/^This field is required\.$/, 'Este campo es obligatorio.'],
  [/^This field may not be blank\.$/, 'Este campo no puede estar vacío.'],
  [/^This field may not be null\.$/, 'Este campo no puede ser nulo.'],
  [/^Not a valid string\.$/, 'No es un texto válido.'],
  [/^Null characters are not allowed\.$/, 'No se permiten caracteres nulos.'],
  [
    /^Ensure this field has no more than (\d+) characters\.$/,
    (count) => `Usa como máximo ${count} caracteres en este campo.`
  ],
  [
    /^Enter a valid username\./,
    'Escribe un nombre de usuario válido: solo letras, números y los caracteres @ . + - _'
  ],
  [/^This field must be a valid email address\.$/, 'Escribe una dirección de correo válida.'],
  [/^A user with that username already exists\.$/, 'Ya existe un usuario con ese nombre.'],
  [/^A user with that email already exists\.$/, 'Ya existe un usuario con ese correo.'],
  [/^Invalid email or password\.$/, 'El correo o la contraseña no son correctos.'],
  [
    /^This password is too short\. It must contain at least (\d+) characters\.$/,
    (count) => `La contraseña es demasiado corta: necesita al menos ${count} caracteres.`
  ],
  [/^This password is too common\.$/, 'La contraseña es demasiado común.'],
  [/^This password is entirely numeric\.$/, 'La contraseña no puede tener solo números.'],
  [
    /^The password is too similar to the (?:username|email|first name|last name|email address)\.$/,
    'La contraseña se parece demasiado a tus otros datos.'
  ],
  [
    /^Your old password was entered incorrectly\./,
    'La contraseña actual no es correcta. Escríbela de nuevo.'
  ],
  [/^The submitted file is empty\.$/, 'El archivo está vacío.'],
  [/^Upload a valid image\./, 'Elige una imagen válida: el archivo no era una imagen o estaba dañado.'],
  [
    /^This kind of image is not supported\. Upload a (.+) or (\w+) file\.$/,
    (kinds, last) => `Esta clase de imagen no se admite. Sube un archivo ${kinds} o ${last}.`
  ],
  [
    /^Ensure the image has no more than (\d+) pixels\.$/,
    (count) => `La imagen no puede tener más de ${count} píxeles.`
  ],
  [
    /^Ensure the image has no more than (\d+) frames\.$/,
    (count) => `La animación no puede tener más de ${count} cuadros.`
  ],
  [
    /^Ensure the image can be read within (\d+) seconds?\.$/,
    () => 'El servicio tardó demasiado en leer la imagen. Prueba con una más sencilla.'
  ],
  [/^Ensure the file is no larger than (.+)\.$/, (size) => `El archivo no puede ocupar más de ${size}.`],
  [
    /^Ensure the upload takes no longer than/,
    'La subida tardó demasiado. Inténtalo con un archivo más pequeño.'
  ],
  [
    /^The profile was changed meanwhile\./,
    'Mientras tanto, el perfil cambió en otro lugar. Inténtalo de nuevo.'
  ],
  [/^Sign-up is closed\.$/, 'El registro está cerrado.'],
  [/^A valid integer is required\.$/, 'Escribe un número entero.'],
  [
    /^Ensure this value is greater than or equal to (\d+)\.$/,
    (least) => `El número tiene que ser ${least} o mayor.`
  ],
  [/^Administrators can’t deactivate themselves\.$/, 'No puedes desactivar tu propia cuenta.'],
  [/^Administrators can’t take their own rights\.$/, 'No puedes quitarte tus propios permisos.'],
  [/^Administrators can’t delete themselves here\.$/, 'Aquí no puedes eliminar tu propia cuenta.'],
  [/^Not authorized$/, 'No tienes permiso para hacerlo.'],
  [/^Not found\.$/, 'No existe.']
]

/** A sentence of the service in the page's language; one that is not known stays as it is. */
export function translate(sentence: string): string {
  if (language.get() === 'en') return sentence
  for (const [pattern, spanish] of SPANISH) {
    const found = pattern.exec(sentence)
    if (found) return typeof spanish === 'string' ? spanish : spanish(...found.slice(1))
  }
  return sentence
}
