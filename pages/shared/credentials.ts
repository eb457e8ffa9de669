/** Who signs in, by what they typed: an email has an `@`. */
export const identityOf = (name: string): { email: string } | { username: string } =>
  name.includes('@') ? { email: name } : { username: name }
