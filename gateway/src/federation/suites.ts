// Every federation suite, in the order in which a reader meets the ideas.
import { bakery } from './suites/bakery.ts'
import { ferries } from './suites/ferries.ts'
import { gallery } from './suites/gallery.ts'
import { weather } from './suites/weather.ts'
import { works } from './suites/works.ts'

export const suites = [ferries, bakery, gallery, weather, works]
