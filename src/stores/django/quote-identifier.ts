/** A table's or column's name as both databases take it in SQL, whatever characters it has. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
