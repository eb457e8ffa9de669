import { show } from '../shared/show.tsx'
import './app/frame.css'
import './components/buttons.css'
import './components/listing.css'
import './components/search.css'
import './status/status.css'
import './user/user.css'
import { AdminPage } from './app/admin-page.tsx'
import { followAddress } from './app/navigation.ts'
import { findSession, followSession } from './app/session.ts'

followAddress()
followSession()
show(AdminPage, { en: 'Administration', es: 'Administración' })
void findSession()
