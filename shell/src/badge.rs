//! The number of unread messages, drawn: one to nine, and «9+», readable where a panel shows icons at 22 pixels.
//!
//! `assets/badges.png` holds the ten marks side by side, 40 × 40 pixels each, white on red.

use tauri::image::Image;

const MARKS: &[u8] = include_bytes!("../assets/badges.png");
/// Width and height of one mark.
const SIZE: usize = 40;
/// Between mark and icon nothing is drawn, so that the mark stands out on light and on dark panels alike.
const GAP: i64 = 3;

/// The icon with the number in its lower right corner; as it is when there is nothing unread.
pub(crate) fn drawn(plain: &Image<'_>, total: u32) -> tauri::Result<Image<'static>> {
    let (width, height) = (plain.width() as usize, plain.height() as usize);
    let mut pixels = plain.rgba().to_vec();
    if total > 0 && width >= SIZE && height >= SIZE {
        let mark = mark(total)?;
        let (left, top) = (width - SIZE, height - SIZE);
        for (index, pixel) in pixels.chunks_exact_mut(4).enumerate() {
            let (x, y) = (index % width, index / width);
            if is_near((x, y), (left, top)) {
                pixel.fill(0);
            }
            if x >= left && y >= top {
                let at = ((y - top) * SIZE + x - left) * 4;
                if mark[at + 3] > 0 {
                    pixel.copy_from_slice(&mark[at..at + 4]);
                }
            }
        }
    }
    Ok(Image::new_owned(pixels, plain.width(), plain.height()))
}

/// The mark alone, for task bars that lay it over an icon of their own.
#[cfg(windows)]
pub(crate) fn alone(total: u32) -> tauri::Result<Image<'static>> {
    Ok(Image::new_owned(mark(total)?, SIZE as u32, SIZE as u32))
}

fn mark(total: u32) -> tauri::Result<Vec<u8>> {
    let all = Image::from_bytes(MARKS)?;
    let nth = total.clamp(1, 10) as usize - 1;
    let row = all.width() as usize * 4;
    let rows = all.rgba().chunks_exact(row).take(SIZE);
    Ok(rows
        .flat_map(|row| row[nth * SIZE * 4..(nth + 1) * SIZE * 4].to_vec())
        .collect())
}

/// Whether a pixel is so near to the mark's disc that the icon must give way.
fn is_near((x, y): (usize, usize), (left, top): (usize, usize)) -> bool {
    let twice = |at: usize, from: usize| 2 * (at as i64 - from as i64) - (SIZE as i64 - 1);
    let reach = SIZE as i64 + 2 * GAP;
    twice(x, left).pow(2) + twice(y, top).pow(2) <= reach.pow(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Image<'static> {
        Image::new_owned(vec![0x55; 64 * 64 * 4], 64, 64)
    }

    #[test]
    fn nothing_unread_leaves_the_icon_as_it_is() {
        assert_eq!(drawn(&plain(), 0).expect("drawn").rgba(), plain().rgba());
    }

    #[test]
    fn every_number_looks_different_and_ten_looks_like_a_hundred() {
        let look = |total| drawn(&plain(), total).expect("drawn").rgba().to_vec();
        let looks: Vec<_> = (0..=10).map(look).collect();
        for (number, one) in looks.iter().enumerate() {
            assert!(
                looks[..number].iter().all(|other| other != one),
                "{number} looks like another"
            );
        }
        assert_eq!(look(10), look(100));
    }

    #[test]
    fn the_mark_is_red_in_the_corner_and_the_icon_stays_visible_beside_it() {
        let image = drawn(&plain(), 3).expect("drawn");
        let at = |x: usize, y: usize| image.rgba()[(y * 64 + x) * 4..][..4].to_vec();
        assert_eq!(at(28, 44), [0xE0, 0x24, 0x1B, 0xFF]);
        assert_eq!(at(4, 4), [0x55; 4]);
        assert_eq!(at(22, 44), [0; 4], "between them nothing is drawn");
    }
}
