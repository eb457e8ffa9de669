/** What the picture’s part of the account page says, in English. */
export const en = {
  yourPicture: 'Your picture',
  yourInitials: 'Your initials, in place of a picture',
  choosePicture: 'Choose a picture',
  takePhoto: 'Take a photo',
  removePicture: 'Remove the picture',
  dropHint: 'You can also drop a picture on the circle, or paste one here with Ctrl + V.',
  dropHere: 'Drop the picture here',
  notPicture: (name: string) => `“${name}” is not a picture.`,
  notLoaded: 'The picture’s editor could not be loaded. Check your connection, then reload the page.',
  pictureSaved: 'Your new picture is saved.',
  pictureRemoved: 'Your picture is removed.',

  reallyRemove: 'Remove your picture?',
  removeMeans: 'Your initials will be shown in its place. The picture is deleted at once.',
  keepPicture: 'Keep it',
  removeIt: 'Remove',
  removing: 'Removing…',

  cropTitle: 'Crop your picture',
  opening: 'Opening the picture…',
  cropArea: 'The part of the picture that is kept',
  cropHint: 'Drag the picture, or use the arrow keys (with Shift for larger steps). Zoom with + and −.',
  cropHintTouch: 'Drag the picture with a finger, zoom with two.',
  zoom: 'Zoom',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  straighten: 'Straighten',
  turnLeft: 'Turn left by 90°',
  turnRight: 'Turn right by 90°',
  moveLeft: 'Move left',
  moveRight: 'Move right',
  moveUp: 'Move up',
  moveDown: 'Move down',
  reset: 'Reset',
  percent: (percent: number) => `${percent} %`,
  degrees: (degrees: number) => `${degrees < 0 ? '−' : ''}${Math.abs(degrees)}°`,
  preview: 'Preview',
  previewRound: 'Round, as it is shown here',
  previewSquare: 'Square, as other apps may show it',
  cropSize: (side: number) => `${side} × ${side} pixels are kept.`,
  wholePicture: 'Use the whole picture',
  wholeMeans: '“Use the whole picture” sends the file as it is.',
  movesWhole: 'This picture may move. A crop keeps only its first image; the whole picture keeps moving.',
  wholeTooLarge: (size: string, most: string) =>
    `The whole file can’t be sent: it has ${size}, and ${most} are the most. A crop of it can.`,
  savePicture: 'Save picture',

  notShown: (name: string) =>
    `This browser can’t show “${name}”, so it can’t be cropped here. It can be sent as it is; the service says whether it takes it.`,
  notShownTooLarge: (name: string, size: string, most: string) =>
    `This browser can’t show “${name}”, and it is too large to be sent: it has ${size}, and ${most} are the most.`,
  sendAsIs: 'Send it as it is',

  sending: 'Sending…',
  sent: (percent: number) => `${percent} % sent`,
  working: 'All is sent. The service is preparing the picture…',
  stopSending: 'Cancel the upload',
  stopped: 'The upload was cancelled. Your picture is as it was, and your crop is kept.',
  uploadUnreachable:
    'The service can’t be reached. Your picture and its crop are kept here. Check your connection, then save again.',
  uploadUnavailable:
    'The service can’t take the picture right now. It and its crop are kept here; save again in a moment.',
  uploadFailed:
    'Something went wrong on the server. Your picture and its crop are kept here; save again in a moment.',
  uploadTooLarge: 'The file is too large for this server. Crop it, or choose a smaller one.',
  replacedElsewhere:
    'Your picture was changed meanwhile, in another window or on another device. Save again to put this one in its place.',
  removedElsewhere:
    'Your picture was changed meanwhile, in another window or on another device. Remove the new one too?',

  cameraTitle: 'Take a photo',
  cameraStarting: 'Waiting for the camera. Your browser may ask whether this page may use it.',
  cameraPreview: 'What the camera sees',
  photoTaken: 'The photo that was taken',
  takeIt: 'Take',
  retake: 'Take another',
  usePhoto: 'Use this photo',
  camera: 'Camera',
  cameraNumber: (number: number) => `Camera ${number}`,
  cameraRefused:
    'The camera may not be used here. Allow it in your browser’s settings for this page, then try again.',
  cameraMissing: 'No camera was found. Connect one, then try again, or choose a picture instead.',
  cameraBusy: 'The camera can’t be used now; another program may be using it. Close that, then try again.',
  cameraLost: 'The camera is gone. Connect it, then try again.',
  tryAgain: 'Try again',
  cameraApp: 'Use the camera app'
}

export type AvatarMessages = typeof en
