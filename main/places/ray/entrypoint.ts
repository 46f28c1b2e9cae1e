import type { RayProfile } from '../../../shared/places/profile'
import { cellFolder, programOf, quoted } from '../task'

/**
 * What a cell's job runs: it puts what came as the job's package into the folder that all nodes share, unless it is there, and becomes NormLab, which goes on from the cell's
 * last checkpoint. What it prints is all that the lab reads. One line, as Ray writes it into the output.
 *
 * @param isToldOnly The cell has ended, and its files are to be printed once more.
 */
export function entrypoint(profile: RayProfile, grid: string, cell: number, isToldOnly: boolean): string {
  const own = cellFolder(cell)
  const [folder, here] = [quoted(profile.folder), `grids/${grid}`]
  return [
    `package=$PWD; cd && mkdir -p ${folder} && cd ${folder} && mkdir -p datasets ${here}/${own}/home || exit 1`,
    ...(isToldOnly
      ? [`cd ${here} || exit 1`, `[ -e ${own}/end ] || { echo "${own} has no last word there"; exit 1; }`]
      : [
          `for set in "$package"/datasets/*; do name=\${set##*/}`,
          // Another cell's job may be at it.
          `[ ! -d "$set" ] || [ -e "datasets/$name" ] || { cp -R "$set" "datasets/.$name.$$" && mv -T "datasets/.$name.$$" "datasets/$name"; } || rm -rf "datasets/.$name.$$"`,
          `done; cd ${here} || exit 1`,
          `[ -e cells.json ] || { cp "$package/cells.json" ".cells.$$" && mv ".cells.$$" cells.json; } || exit 1`,
          `[ -e ${own}/home/datasets ] || ln -s ../../../../datasets ${own}/home/datasets`,
        ]),
    `exec ${programOf(profile)} cell cells.json ${cell} --home ${own}/home --out ${own} --tell`,
  ].join('; ')
}
