/** Whether pages may ask for a camera: over https, and on the machine itself. */
export const canTakePhotos = () => navigator.mediaDevices !== undefined

/** Phones and tablets have an app for it, which `<input capture>` opens. */
export const hasCameraApp = () => matchMedia('(pointer: coarse)').matches
