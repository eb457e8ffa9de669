import type { AdminMessages } from './en.ts'

/** What the administrators' page says, in Spanish. */
export const es: AdminMessages = {
  administration: 'Administración',
  views: 'Vistas',
  users: 'Usuarios',
  audit: 'Registro de auditoría',
  status: 'Estado',
  toAccount: 'Tu cuenta',
  toUsers: 'Todos los usuarios',
  nowhere: 'Aquí no hay nada',
  tryAgain: 'Intentar de nuevo',
  refresh: 'Actualizar',

  signInHint: 'Inicia sesión con una cuenta de administrador.',
  emailOrUsername: 'Correo o nombre de usuario',
  password: 'Contraseña',
  noStaff: (username) =>
    `Iniciaste sesión como ${username}, que no tiene permisos de administración. Inicia sesión con otra cuenta en la página de tu cuenta, o pide a un administrador que te los conceda.`,

  unsavedTitle: '¿Salir sin guardar?',
  unsaved: 'Lo que cambiaste aquí todavía no se ha guardado. Si sales, se perderá.',
  stay: 'Quedarme',
  discard: 'Salir y perderlo',

  searchUsers: 'Buscar',
  searchBy: 'Por',
  searchPlaceholder: 'Cómo empieza',
  searchFields: { '': 'Nombre, correo o id', username: 'Nombre de usuario', email: 'Correo', id: 'Id' },
  usersNewest: 'Usuarios, los más recientes primero',
  usersFound: (q) => `Usuarios que coinciden con «${q}»`,
  usersShown: (count) => (count === 1 ? 'Se muestra un usuario.' : `Se muestran ${count} usuarios.`),
  noMatch: (q) => `No hay nadie que empiece por «${q}».`,
  noUsers: 'Todavía no hay usuarios.',
  pages: 'Páginas',
  previousPage: 'Anterior',
  nextPage: 'Siguiente',
  pageNumber: (number) => `Página ${number}`,

  fields: {
    id: 'Id',
    username: 'Nombre de usuario',
    email: 'Correo',
    first_name: 'Nombre',
    last_name: 'Apellidos',
    number_phone: 'Teléfono',
    avatar: 'Foto',
    date_joined: 'Alta',
    last_login: 'Último acceso',
    is_active: 'Activo',
    is_staff: 'Administrador',
    is_superuser: 'Superusuario'
  },
  name: 'Nombre',
  state: 'Estado',
  active: 'Activo',
  inactive: 'Inactivo',
  staff: 'Administrador',
  superuser: 'Superusuario',
  never: 'Nunca',
  none: 'Ninguno',
  notKnown: 'No se sabe',

  userNumber: (id) => `Usuario ${id}`,
  noSuchUser: (id) => `No existe el usuario ${id}, o ya no.`,
  factsAndActions: 'Datos y acciones',
  facts: 'Datos',
  edit: 'Editar',
  undo: 'Deshacer los cambios',
  nothingChanged: 'No cambiaste nada, así que no hay nada que guardar.',
  changesSaved: (username) => `Se guardaron los cambios de ${username}.`,
  changedBy: (actor, when, fields) =>
    `No se guardó: mientras tanto, ${actor} hizo cambios (${when}): ${fields}.`,
  changedMeanwhile: (username, fields) =>
    fields
      ? `No se guardó: mientras tanto cambiaron datos de ${username}, y no por un administrador: ${fields}.`
      : `No se guardó: mientras tanto cambiaron datos de ${username}.`,
  compareAndSave:
    'Debajo de cada campo está su valor actual. Guarda otra vez para poner el tuyo en su lugar.',
  saveAgain: 'No afecta a lo que escribiste: guarda otra vez.',
  nowIs: (value) => (value === '' ? 'Ahora está vacío' : `Ahora es: ${value}`),

  sessions: 'Sesiones',
  sessionsOf: (username) => `Sesiones de ${username}`,
  noSessions: 'No hay sesiones.',
  begun: 'Inicio',
  lastUsed: 'Último uso',
  until: 'Hasta',
  ended: 'Cerrada',
  expired: 'Caducada',
  goesOn: 'Abierta',

  actions: 'Acciones',
  refusals: {
    peer: 'Solo los superusuarios pueden modificar a administradores y superusuarios.',
    own: 'Es tu cuenta. Tus datos los cambias en la página de tu cuenta.',
    rights: 'Solo los superusuarios deciden quién es administrador.',
    oneself: 'Es tu cuenta: aquí no puedes desactivarte ni eliminarte, ni cambiar tus propios permisos.'
  },
  deeds: {
    activate: {
      label: 'Activar',
      done: (username) => `${username} vuelve a estar activo.`
    },
    deactivate: {
      label: 'Desactivar',
      done: (username) => `Se desactivó a ${username} y se cerraron todas sus sesiones.`
    },
    'sign-out': {
      label: 'Cerrar todas las sesiones',
      done: (username) => `Se cerraron todas las sesiones de ${username}.`
    },
    'grant-staff': {
      label: 'Hacer administrador',
      done: (username) => `${username} ya es administrador.`
    },
    'revoke-staff': {
      label: 'Quitar los permisos de administrador',
      done: (username) => `${username} ya no es administrador.`
    },
    'remove-avatar': {
      label: 'Quitar la foto',
      done: (username) => `Se quitó la foto de ${username}.`
    }
  },
  questions: {
    deactivate: (username) =>
      `${username} no podrá iniciar sesión hasta que se le active de nuevo. Todas sus sesiones se cierran ahora.`,
    'sign-out': (username) => `${username} tendrá que iniciar sesión de nuevo en cada dispositivo.`,
    'remove-avatar': (username) => `La foto de ${username} se eliminará. No se puede recuperar.`
  },
  deleteUser: 'Eliminar usuario…',
  deleteTitle: (username) => `Eliminar a ${username}`,
  deleteWarning: (username) =>
    `La cuenta de ${username} se eliminará para siempre, con su foto y sus sesiones. Nadie podrá recuperarla.`,
  typeUsername: (username) => `Escribe ${username} para confirmar`,
  notTheUsername: (username) => `No coincide. Escribe ${username}, tal cual.`,
  deleteForGood: 'Eliminar para siempre',
  deleted: (username) => `Se eliminó a ${username}.`,

  recentActs: 'Actos recientes de administradores',
  actsUpon: (username) => `Actos sobre ${username}`,
  allActs: 'Ver todos',
  noActs: 'No hay actos.',
  when: 'Cuándo',
  act: 'Acto',
  whom: 'Sobre quién',
  byWhom: 'Quién',
  changes: 'Cambios',
  outcome: 'Resultado',
  address: 'Desde',
  acts: {
    update: 'Edición',
    activate: 'Activación',
    deactivate: 'Desactivación',
    end_sessions: 'Cierre de sesiones',
    grant_staff: 'Permisos de administrador concedidos',
    revoke_staff: 'Permisos de administrador retirados',
    remove_avatar: 'Foto quitada',
    delete: 'Eliminación'
  },
  outcomes: { done: 'Hecho', refused: 'Rechazado', begun: 'Iniciado' },
  outcomeHints: {
    done: 'Se hizo.',
    refused: 'Se rechazó; no cambió nada.',
    begun: 'No se pudo anotar en qué acabó: puede que se hiciera.'
  },
  before: 'Antes:',
  after: 'Después:',
  yes: 'sí',
  no: 'no',
  empty: 'vacío',
  filterByUser: 'Id del usuario',
  filter: 'Filtrar',
  showAll: 'Ver todos',

  health: 'Salud',
  parts: { database: 'Base de datos', pictures: 'Almacén de fotos' },
  healths: { ok: 'Bien', away: 'No responde' },
  version: 'Versión',
  runningSince: 'En marcha desde',
  storage: 'Almacenamiento',
  avatars: 'Fotos',
  actsInLog: 'Actos en el registro',
  databaseSize: 'Tamaño de la base de datos',
  databaseFree: 'Espacio libre para la base de datos',
  mediaFree: 'Espacio libre para fotos',
  about: (number) => `unos ${number}`,

  imports: 'Importaciones',
  noImports: 'No se ha importado nada.',
  dryRun: 'Simulacro',
  picturesOf: 'Fotos',
  tokensOf: 'Tokens',
  findings: 'Hallazgos',
  finding: 'Hallazgo',
  details: 'Detalles',
  userId: 'Usuario de origen',
  importCounts: {
    read: 'leídos',
    created: 'creados',
    changed: 'modificados',
    unchanged: 'sin cambios',
    left_out: 'omitidos',
    deleted_here: 'eliminados aquí antes',
    copied: 'copiadas',
    present: 'ya estaban aquí',
    missing: 'faltan',
    dropped: 'descartadas',
    live: 'vigentes',
    ended: 'terminados',
    known: 'ya conocidos',
    expired: 'caducados'
  },
  findingKinds: {
    invalid: 'No válido',
    id_taken: 'Id ocupado',
    username_taken: 'Nombre de usuario ocupado',
    email_taken: 'Correo ocupado',
    conflict: 'Cambió allí y aquí',
    deleted_here: 'Eliminado aquí',
    gone_from_django: 'Ya no está allí',
    missing_picture: 'Falta la foto',
    over_long: 'Demasiado largo',
    password_unusable: 'Contraseña inservible'
  },
  findingOutcomes: {
    left_out: 'Omitido',
    imported: 'Importado',
    imported_without_avatar: 'Importado sin la foto',
    kept_here: 'Se queda como está aquí'
  }
}
