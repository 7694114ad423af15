//! What a scan relies on when it opens containers.

mod limits;
mod noise;
mod packages;
mod singles;
mod tars;
mod zips;
