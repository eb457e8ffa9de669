import type { AvatarMessages } from './en.ts'

/** What the picture’s part of the account page says, in Spanish. */
export const es: AvatarMessages = {
  yourPicture: 'Tu foto',
  yourInitials: 'Tus iniciales, en lugar de una foto',
  choosePicture: 'Elegir una imagen',
  takePhoto: 'Tomar una foto',
  removePicture: 'Quitar la foto',
  dropHint: 'También puedes soltar una imagen sobre el círculo o pegarla aquí con Ctrl + V.',
  dropHere: 'Suelta la imagen aquí',
  notPicture: (name) => `«${name}» no es una imagen.`,
  notLoaded: 'No se pudo cargar el editor de imágenes. Revisa tu conexión y vuelve a cargar la página.',
  pictureSaved: 'Tu nueva foto se guardó.',
  pictureRemoved: 'Se quitó tu foto.',

  reallyRemove: '¿Quitar tu foto?',
  removeMeans: 'En su lugar se mostrarán tus iniciales. La foto se borra de inmediato.',
  keepPicture: 'Conservarla',
  removeIt: 'Quitarla',
  removing: 'Quitando…',

  cropTitle: 'Recorta tu foto',
  opening: 'Abriendo la imagen…',
  cropArea: 'La parte de la imagen que se conserva',
  cropHint: 'Arrastra la imagen o usa las flechas (con Mayús, pasos más largos). Acerca o aleja con + y −.',
  cropHintTouch: 'Arrastra la imagen con un dedo; con dos, acércala o aléjala.',
  zoom: 'Zoom',
  zoomIn: 'Acercar',
  zoomOut: 'Alejar',
  straighten: 'Enderezar',
  turnLeft: 'Girar 90° a la izquierda',
  turnRight: 'Girar 90° a la derecha',
  moveLeft: 'Mover a la izquierda',
  moveRight: 'Mover a la derecha',
  moveUp: 'Mover hacia arriba',
  moveDown: 'Mover hacia abajo',
  reset: 'Restablecer',
  percent: (percent) => `${percent} %`,
  degrees: (degrees) => `${degrees < 0 ? '−' : ''}${Math.abs(degrees)}°`,
  preview: 'Vista previa',
  previewRound: 'Redonda, como se muestra aquí',
  previewSquare: 'Cuadrada, como pueden mostrarla otras aplicaciones',
  cropSize: (side) => `Se conservan ${side} × ${side} píxeles.`,
  wholePicture: 'Usar la imagen completa',
  wholeMeans: '«Usar la imagen completa» envía el archivo tal cual.',
  movesWhole:
    'Esta imagen puede estar animada. El recorte conserva solo su primer cuadro; la imagen completa sigue animada.',
  wholeTooLarge: (size, most) =>
    `El archivo completo no se puede enviar: ocupa ${size} y el máximo es ${most}. Un recorte sí.`,
  savePicture: 'Guardar la foto',

  notShown: (name) =>
    `Este navegador no puede mostrar «${name}», así que aquí no se puede recortar. Puedes enviarlo tal cual; el servicio dirá si lo acepta.`,
  notShownTooLarge: (name, size, most) =>
    `Este navegador no puede mostrar «${name}», y es demasiado grande para enviarlo: ocupa ${size} y el máximo es ${most}.`,
  sendAsIs: 'Enviarlo tal cual',

  sending: 'Enviando…',
  sent: (percent) => `${percent} % enviado`,
  working: 'Ya se envió todo. El servicio está preparando la foto…',
  stopSending: 'Cancelar el envío',
  stopped: 'Se canceló el envío. Tu foto sigue como estaba y el recorte se conserva.',
  uploadUnreachable:
    'No se puede conectar con el servicio. Tu imagen y su recorte se conservan aquí. Revisa tu conexión y vuelve a guardar.',
  uploadUnavailable:
    'El servicio no puede recibir la foto en este momento. La imagen y su recorte se conservan aquí; vuelve a guardar en un momento.',
  uploadFailed:
    'Algo falló en el servidor. Tu imagen y su recorte se conservan aquí; vuelve a guardar en un momento.',
  uploadTooLarge: 'El archivo es demasiado grande para este servidor. Recórtalo o elige uno más pequeño.',
  replacedElsewhere:
    'Mientras tanto, tu foto cambió en otra ventana o en otro dispositivo. Vuelve a guardar para poner esta en su lugar.',
  removedElsewhere:
    'Mientras tanto, tu foto cambió en otra ventana o en otro dispositivo. ¿Quitar también la nueva?',

  cameraTitle: 'Tomar una foto',
  cameraStarting: 'Esperando a la cámara. Puede que el navegador pregunte si esta página puede usarla.',
  cameraPreview: 'Lo que ve la cámara',
  photoTaken: 'La foto que tomaste',
  takeIt: 'Tomar',
  retake: 'Tomar otra',
  usePhoto: 'Usar esta foto',
  camera: 'Cámara',
  cameraNumber: (number) => `Cámara ${number}`,
  cameraRefused:
    'Aquí no se puede usar la cámara. Permítela en los ajustes del navegador para esta página e inténtalo de nuevo.',
  cameraMissing: 'No se encontró ninguna cámara. Conecta una e inténtalo de nuevo, o elige una imagen.',
  cameraBusy:
    'La cámara no se puede usar ahora; quizá la esté usando otro programa. Ciérralo e inténtalo de nuevo.',
  cameraLost: 'La cámara se desconectó. Conéctala e inténtalo de nuevo.',
  tryAgain: 'Intentar de nuevo',
  cameraApp: 'Usar la aplicación de cámara'
}
