import type { Messages } from './en.ts'

/** What both pages say, in Spanish. */
export const es: Messages = {
  save: 'Guardar',
  saving: 'Guardando…',
  saved: 'Guardado.',
  cancel: 'Cancelar',
  close: 'Cerrar',
  loading: 'Cargando…',
  language: 'Idioma',
  signIn: 'Iniciar sesión',
  signOut: 'Cerrar sesión',
  showPassword: 'Mostrar contraseña',
  hidePassword: 'Ocultar contraseña',
  show: 'Mostrar',
  hide: 'Ocultar',
  slow: 'El servicio tarda en responder. Seguimos esperando…',
  unreachable:
    'No se puede conectar con el servicio. Revisa tu conexión; lo que escribiste se conserva. Después, inténtalo de nuevo.',
  unavailable:
    'El servicio no puede hacerlo en este momento. Lo que escribiste se conserva; inténtalo de nuevo en un momento.',
  failed: 'Algo falló en el servidor. Lo que escribiste se conserva; inténtalo de nuevo.',
  throttled: (seconds) => `Demasiados intentos. Espera ${seconds} segundos e inténtalo de nuevo.`,
  sessionEnded: 'Tu sesión se cerró. Inicia sesión de nuevo para continuar.'
}
