import type { AccountMessages } from './en.ts'

/** What the account page says besides, in Spanish. */
export const es: AccountMessages = {
  yourAccount: 'Tu cuenta',
  checking: 'Comprobando si tienes la sesión iniciada…',

  identifier: 'Correo o nombre de usuario',
  password: 'Contraseña',
  noAccount: '¿Aún no tienes cuenta?',
  makeOne: 'Crea una',
  haveAccount: '¿Ya tienes una cuenta?',
  createAccount: 'Crear una cuenta',
  moreAboutYou: 'Más sobre ti (opcional)',
  signedOutHere: 'Cerraste tu sesión.',
  signedOutEverywhere: 'Cerraste tu sesión en todos los dispositivos.',
  signedOutElsewhere: 'Cerraste tu sesión en otra pestaña.',
  signOutUnfinished:
    'No se pudo conectar con el servicio, así que la sesión puede seguir abierta en este navegador. Inténtalo de nuevo antes de dejárselo a otra persona.',
  signOutAgain: 'Cerrar sesión de nuevo',

  username: 'Nombre de usuario',
  email: 'Correo electrónico',
  first_name: 'Nombre',
  last_name: 'Apellidos',
  number_phone: 'Teléfono',
  usernameHint: 'Letras, números y los caracteres @ . + - _',

  joined: 'Cuenta creada',
  lastSignIn: 'Último inicio de sesión',
  administration: 'Administración',

  picture: 'Foto',
  pictureNote: 'Los demás la ven junto a tu nombre.',
  profile: 'Perfil',
  profileNote: 'Quién eres aquí. Puedes iniciar sesión tanto con tu nombre de usuario como con tu correo.',
  undo: 'Descartar cambios',
  nothingToSave: 'No hay nada que guardar: no has cambiado nada.',
  changedMeanwhile: (fields) =>
    `Tu perfil cambió en otra pestaña o en otro dispositivo: ${fields}. Elige qué valor conservar y después guarda.`,
  changedTo: (value) => `Mientras tanto cambió a «${value}».`,
  clearedMeanwhile: 'Mientras tanto quedó vacío.',
  keepMine: 'Conservar el mío',
  takeTheirs: 'Usar el nuevo',
  choiceFor: (field) => `${field}: qué valor conservar`,

  changePassword: 'Cambiar contraseña',
  currentPassword: 'Contraseña actual',
  newPassword: 'Contraseña nueva',
  passwordNote:
    'Después, solo este navegador seguirá con la sesión abierta; en los demás dispositivos habrá que iniciarla de nuevo.',
  passwordChanged: 'Tu contraseña ha cambiado. Se cerró la sesión en los demás dispositivos.',

  sessions: 'Sesiones',
  sessionsNote:
    'Cierra la sesión en este navegador, o en todos los dispositivos donde la tengas abierta, incluido este.',
  signOutEverywhere: 'Cerrar sesión en todas partes',

  data: 'Tus datos',
  dataNote:
    'Todo lo que el servicio guarda sobre ti: tu perfil en JSON y, junto con tu foto, en un archivo zip.',
  downloadZip: 'Descargar en zip',
  downloadJson: 'Descargar solo el JSON',
  collecting: 'Reuniendo tus datos…',
  downloaded: (name) => `Se descargó ${name}.`,
  pictureMissing: 'No se pudo obtener tu foto; el archivo zip lo indica.',
  pictureMissingFile: (url) => `No se pudo obtener la foto al crear este archivo. Debería estar en ${url}\n`,

  deleteAccount: 'Eliminar cuenta',
  deleteNote: 'No se puede deshacer.',
  deleteOpen: 'Eliminar cuenta…',
  deleteTitle: '¿Eliminar tu cuenta?',
  deleteWhat: 'Esto desaparecerá en el acto y para siempre:',
  deleteProfile: (username) => `tu perfil, ${username}`,
  deletePicture: 'tu foto, en todos sus tamaños',
  deleteSessions: 'tus sesiones en todos los dispositivos',
  deleteAdvice: 'Si quieres conservar tus datos, descárgalos antes.',
  deleteConfirm: (username) => `Escribe tu nombre de usuario, ${username}, para confirmar`,
  deleteNow: 'Eliminar mi cuenta',

  goodbye: (username) => `Adiós, ${username}`,
  goodbyeText: 'Tu cuenta se eliminó, junto con tu foto y todas tus sesiones.',
  newAccount: 'Crear otra cuenta',

  unsavedTitle: 'Tienes cambios sin guardar',
  unsavedText: 'Si cierras la sesión ahora, perderás lo que escribiste y no guardaste.',
  stay: 'Quedarme aquí',
  leaveUnsaved: 'Cerrar sesión sin guardar',

  signInAgain: 'Inicia sesión de nuevo',
  interrupted: {
    ended: 'Tu sesión terminó. Inicia sesión de nuevo para continuar; lo que escribiste se conserva.',
    'signed-out-elsewhere':
      'Cerraste la sesión en otra pestaña cuando aquí había cambios sin guardar. Inicia sesión de nuevo para continuar.',
    'somebody-else':
      'Otra persona inició sesión en otra pestaña. Inicia sesión con tu cuenta para continuar con lo que escribiste.'
  },
  interruptedUser: (username) =>
    `Esta página es de ${username}. Si otra persona inicia sesión, empezará de cero.`,
  giveUp: 'Salir sin guardar',
  tryAgain: 'Intentar de nuevo'
}
