import { show } from '../shared/show.tsx'
import './account.css'
import { AccountPage } from './account-page.tsx'
import { en } from './language/en.ts'
import { es } from './language/es.ts'
import { start } from './session/account.ts'
import { watch } from './session/watch.ts'

watch()
void start()
show(AccountPage, { en: en.yourAccount, es: es.yourAccount })
