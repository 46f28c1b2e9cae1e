import type { Check } from './check'

/** The remarks of an import that tell of files: `3 files could not be read and are left out: …`. */
const ABOUT_FILES = /^([\d,]+) (?:files?|pictures?) .*(?:left out|skipped)/

export const unreadable: Check = {
  name: 'unreadable',
  begin: ({ remarks }) => ({
    end() {
      const told = remarks.filter((remark) => ABOUT_FILES.test(remark))
      const count = told.reduce((sum, remark) => sum + Number(ABOUT_FILES.exec(remark)![1]!.replace(/,/g, '')), 0)
      const words = count === 0 ? 'No file was left out by the import.' : `${told.join('; ')}.`
      return { count, sentence: words, images: [], pairs: [], counts: [] }
    },
  }),
}
