// Every federation suite, in the order in which a reader meets the ideas.
import { bakery } from './suites/bakery.ts'
import { conditions } from './suites/cinema-conditions.ts'
import { names } from './suites/cinema-names.ts'
import { ferries } from './suites/ferries.ts'
import { gallery } from './suites/gallery.ts'
import { garden } from './suites/garden.ts'
import { errors } from './suites/orchestra-errors.ts'
import { nulls } from './suites/orchestra-nulls.ts'
import { postOffice } from './suites/post-office.ts'
import { weather } from './suites/weather.ts'
import { works } from './suites/works.ts'
import { zoo } from './suites/zoo.ts'

export const suites = [
  ferries,
  bakery,
  gallery,
  weather,
  works,
  zoo,
  conditions,
  names,
  garden,
  postOffice,
  nulls,
  errors,
]
