/** What a database says to writes once its rows were moved to another store. */
export const MOVED_AWAY = 'this database was moved to another store'
