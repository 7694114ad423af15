//! A walk over a pack: every object rebuilt once, from its base on outwards, on all threads.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use crate::git::delta;
use crate::git::entry::Kind;
use crate::git::forest::{Forest, Grown, Root};
use crate::git::store::LARGEST;
use crate::git::zlib::{self, Inflater};
use crate::git::{Damage, Pack};
use crate::model::{ObjectId, Piece};

/// An object, rebuilt.
pub struct Object<'w, N> {
    /// Its name, by the index.
    pub id: ObjectId,
    /// What it is.
    pub kind: Kind,
    /// The entry of the whole object from which it is told, by way of others or not.
    pub root: u32,
    /// All of it.
    pub bytes: &'w [u8],
    /// What was noted of the object that it is told from, and how it is told; none if it is told whole.
    pub base: Option<(&'w N, &'w [Piece])>,
}

/// Whoever looks at the objects; each thread has one of its own.
pub trait Visitor {
    /// What is noted of an object, for those that are told from it.
    type Note: Send + Sync;

    /// Looks at an object.
    fn object(&mut self, object: Object<'_, Self::Note>) -> Self::Note;

    /// Reads an object that is too large to be held.
    fn large(&mut self, id: ObjectId, kind: Kind, from: &mut dyn Read);

    /// Hears of an object that cannot be had.
    fn fault(&mut self, id: ObjectId, damage: Damage);

    /// Whether to go on.
    fn goes_on(&self) -> bool;
}

/// Where objects outside the pack come from.
pub type Bases<'w> = dyn Fn(&ObjectId) -> Option<(Kind, Vec<u8>)> + Sync + 'w;

/// What to walk over, and how.
pub struct Walk<'w> {
    /// The pack.
    pub pack: &'w Pack,
    /// Its entries.
    pub forest: &'w Forest,
    /// Which kinds of object are looked at.
    pub kinds: &'w [Kind],
    /// Of which roots what grows from them is looked at; of all if there is no such list. By entry, ascending.
    pub only: Option<&'w [u32]>,
    /// Where bases come from that the pack lacks.
    pub bases: &'w Bases<'w>,
    /// How many threads; at least one.
    pub threads: usize,
}

/// From this size on an object that no other is told from is read as a stream.
pub const LARGE: u64 = 64 << 20;

/// A pack that makes more than this many times its size, …
const MOST_FACTOR: u64 = 1000;
/// … and more than this, is a bomb.
const MOST: u64 = 32 << 30;

/// How many bytes are taken to be made for the sake of an object outside the pack.
const LEAST_OUTSIDE: u64 = 64 << 10;

impl Walk<'_> {
    /// Shows every object of the wanted kinds to a visitor.
    pub fn run<V: Visitor>(&self, visitor: impl Fn() -> V + Sync) {
        self.run_within(MOST, visitor);
    }

    /// The same where a pack may make `most` bytes whatever its size.
    fn run_within<V: Visitor>(&self, most: u64, visitor: impl Fn() -> V + Sync) {
        let shared = Shared {
            walk: self,
            next_root: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            left: AtomicU64::new(most.max(self.pack.bytes().len() as u64 * MOST_FACTOR)),
            left_outside: AtomicU64::new(most),
            queue: Mutex::new(Queue { tasks: Vec::new(), over: false }),
            called: Condvar::new(),
        };
        let work = || {
            let _end = End(&shared);
            Worker::new(&shared, visitor()).run();
        };
        thread::scope(|scope| {
            let _end = End(&shared);
            for _ in 1..self.threads {
                scope.spawn(work);
            }
            work();
        });
    }
}

/// An object that others are told from.
struct Base<N> {
    kind: Kind,
    root: u32,
    bytes: Vec<u8>,
    note: N,
}

/// A change that is to be applied.
struct Task<N> {
    entry: u32,
    base: Arc<Base<N>>,
}

struct Queue<N> {
    tasks: Vec<Task<N>>,
    over: bool,
}

/// What the threads share.
struct Shared<'w, N> {
    walk: &'w Walk<'w>,
    next_root: AtomicUsize,
    /// How many threads have nothing to do.
    waiting: AtomicUsize,
    /// How many more bytes may be made.
    left: AtomicU64,
    /// How many more bytes other packs may make for this one.
    left_outside: AtomicU64,
    queue: Mutex<Queue<N>>,
    called: Condvar,
}

struct Worker<'w, V: Visitor> {
    shared: &'w Shared<'w, V::Note>,
    visitor: V,
    /// Own tasks; those with the most behind them lie deepest.
    tasks: VecDeque<Task<V::Note>>,
    inflater: Inflater,
    delta: Vec<u8>,
    pieces: Vec<Piece>,
    /// Buffers to use again.
    spare: Vec<Vec<u8>>,
}

impl<'w, V: Visitor> Worker<'w, V> {
    fn new(shared: &'w Shared<'w, V::Note>, visitor: V) -> Self {
        Self {
            shared,
            visitor,
            tasks: VecDeque::new(),
            inflater: Inflater::default(),
            delta: Vec::new(),
            pieces: Vec::new(),
            spare: Vec::new(),
        }
    }

    fn run(mut self) {
        while self.visitor.goes_on() {
            if let Some(task) = self.tasks.pop_back() {
                self.change(task);
            } else if let Some(root) = self.shared.next_root() {
                self.root(root);
            } else if let Some(task) = self.shared.wait() {
                self.tasks.push_back(task);
            } else {
                break;
            }
            let is_awaited = || self.shared.waiting.load(Ordering::Relaxed) > 0;
            if self.tasks.len() > 1 && is_awaited() {
                let task = self.tasks.pop_front().expect("there are two at least");
                self.shared.hand_over(task);
            }
        }
    }

    fn root(&mut self, root: Root) {
        if self.shared.walk.only.is_some_and(|only| only.binary_search(&root.entry).is_err()) {
            return;
        }
        let kinds = self.shared.walk.kinds;
        match root.grown {
            Grown::Whole(kind) if kinds.contains(&kind) => self.whole(root.entry, kind),
            Grown::Whole(_) => {}
            Grown::Outside(id) => match self.elsewhere(&id) {
                Some((kind, bytes)) if kinds.contains(&kind) => {
                    self.outside(root.entry, kind, &bytes);
                }
                Some(_) => {}
                None => self.lost(root.entry, Damage("the object that it is told from is missing")),
            },
        }
    }

    /// An object that this pack does not give. A sound one needs none, so each counts for some work at least.
    fn elsewhere(&self, id: &ObjectId) -> Option<(Kind, Vec<u8>)> {
        let left = &self.shared.left_outside;
        take(left, LEAST_OUTSIDE).then_some(())?;
        (self.shared.walk.bases)(id).filter(|(_, bytes)| take(left, bytes.len() as u64))
    }

    fn whole(&mut self, entry: u32, kind: Kind) {
        let Walk { pack, forest, .. } = self.shared.walk;
        let head = match pack.entry_at(forest.offset(entry)) {
            Ok(head) => head,
            Err(damage) => return self.lost(entry, damage),
        };
        let data = self.data(entry, head.data);
        if head.size > LARGE && forest.weight(entry) == 1 {
            let id = pack.index().id(forest.name(entry));
            return self.visitor.large(id, kind, &mut zlib::stream(data, head.size));
        }
        let room = zlib::may_fill(data, head.size).and_then(|()| self.room(head.size));
        let mut bytes = match room {
            Ok(bytes) => bytes,
            Err(damage) => return self.lost(entry, damage),
        };
        match self.inflater.fill(data, &mut bytes) {
            Ok(()) => self.show(entry, (kind, entry), bytes, None),
            Err(damage) => self.lost(entry, damage),
        }
    }

    fn outside(&mut self, entry: u32, kind: Kind, base: &[u8]) {
        match self.rebuild(entry, base) {
            Ok(bytes) => self.show(entry, (kind, entry), bytes, None),
            Err(damage) => self.lost(entry, damage),
        }
    }

    fn change(&mut self, Task { entry, base }: Task<V::Note>) {
        match self.rebuild(entry, &base.bytes) {
            Ok(bytes) => self.show(entry, (base.kind, base.root), bytes, Some(&base.note)),
            Err(damage) => self.lost(entry, damage),
        }
        if let Some(base) = Arc::into_inner(base) {
            self.keep(base.bytes);
        }
    }

    /// What `entry` makes of `base`.
    fn rebuild(&mut self, entry: u32, base: &[u8]) -> Result<Vec<u8>, Damage> {
        let Walk { pack, forest, .. } = self.shared.walk;
        let head = pack.entry_at(forest.offset(entry))?;
        let data = self.data(entry, head.data);
        if head.size > LARGEST {
            return Err(TOO_LARGE);
        }
        zlib::may_fill(data, head.size)?;
        self.delta.resize(head.size as usize, 0);
        self.inflater.fill(data, &mut self.delta)?;
        let sizes = delta::sizes(base, &self.delta)?;
        let mut bytes = self.room(sizes.result)?;
        delta::apply(base, &self.delta, &sizes, &mut bytes, &mut self.pieces)?;
        Ok(bytes)
    }

    /// Shows an object, and lines up what is told from it.
    fn show(
        &mut self,
        entry: u32,
        (kind, root): (Kind, u32),
        bytes: Vec<u8>,
        base: Option<&V::Note>,
    ) {
        let Walk { pack, forest, .. } = self.shared.walk;
        let id = pack.index().id(forest.name(entry));
        let base = base.map(|note| (note, &self.pieces[..]));
        let note = self.visitor.object(Object { id, kind, root, bytes: &bytes, base });
        if forest.weight(entry) == 1 {
            return self.keep(bytes);
        }
        let base = Arc::new(Base { kind, root, bytes, note });
        let mut children: Vec<u32> = forest.children(entry).collect();
        // The one with the most behind it comes last, when its base is needed by no other.
        children.sort_by_key(|&child| std::cmp::Reverse(forest.weight(child)));
        let task = |entry| Task { entry, base: Arc::clone(&base) };
        self.tasks.extend(children.into_iter().map(task));
    }

    /// Tells of an object that cannot be had here. If another store has it, it goes on from there, else it
    /// tells of all that are told from it.
    fn lost(&mut self, entry: u32, damage: Damage) {
        let Walk { pack, forest, kinds, .. } = self.shared.walk;
        let name = |entry| pack.index().id(forest.name(entry));
        self.visitor.fault(name(entry), damage);
        let is_refused = damage == TOO_LARGE || damage == TOO_MUCH;
        let other = if is_refused { None } else { self.elsewhere(&name(entry)) };
        if let Some((kind, bytes)) = other.filter(|(kind, _)| kinds.contains(kind)) {
            return self.show(entry, (kind, entry), bytes, None);
        }
        let mut left: Vec<u32> = forest.children(entry).collect();
        while let Some(entry) = left.pop() {
            let damage = Damage("the object that it is told from is damaged");
            self.visitor.fault(name(entry), damage);
            left.extend(forest.children(entry));
        }
    }

    /// The compressed bytes of `entry`, and perhaps some behind them.
    fn data(&self, entry: u32, from: usize) -> &'w [u8] {
        let Walk { pack, forest, .. } = self.shared.walk;
        let bytes = pack.bytes();
        let end = forest.end(entry).and_then(|end| usize::try_from(end).ok());
        let end = end.map_or(bytes.len(), |end| end.min(bytes.len()));
        bytes.get(from..end).unwrap_or_default()
    }

    /// A buffer for an object of this size.
    fn room(&mut self, size: u64) -> Result<Vec<u8>, Damage> {
        if size > LARGEST {
            return Err(TOO_LARGE);
        }
        if !take(&self.shared.left, size) {
            return Err(TOO_MUCH);
        }
        let size = size as usize;
        match self.spare.pop_if(|spare| spare.capacity() >= size) {
            Some(mut bytes) => {
                bytes.resize(size, 0);
                Ok(bytes)
            }
            None => Ok(vec![0; size]),
        }
    }

    fn keep(&mut self, bytes: Vec<u8>) {
        if self.spare.len() < SPARE && bytes.capacity() <= SPARE_SIZE {
            self.spare.push(bytes);
        }
    }
}

/// Takes `size` from what is left, if so much is.
fn take(left: &AtomicU64, size: u64) -> bool {
    let rest = |left: u64| left.checked_sub(size);
    left.try_update(Ordering::Relaxed, Ordering::Relaxed, rest).is_ok()
}

const TOO_LARGE: Damage = Damage("it is too large to be held");
const TOO_MUCH: Damage = Damage("the pack makes a thousand times its size: no more of it is made");

/// How many buffers are kept for use again, and up to which size.
const SPARE: usize = 16;
const SPARE_SIZE: usize = 2 << 20;

/// Lets no thread wait for one that is gone, however it went.
struct End<'w, N>(&'w Shared<'w, N>);

impl<N> Drop for End<'_, N> {
    fn drop(&mut self) {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner).over = true;
        self.0.called.notify_all();
    }
}

impl<N> Shared<'_, N> {
    fn next_root(&self) -> Option<Root> {
        let roots = self.walk.forest.roots();
        if self.next_root.load(Ordering::Relaxed) >= roots.len() {
            return None;
        }
        roots.get(self.next_root.fetch_add(1, Ordering::Relaxed)).copied()
    }

    fn hand_over(&self, task: Task<N>) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).tasks.push(task);
        self.called.notify_one();
    }

    /// A task that another thread hands over; none if there is nothing left to do.
    fn wait(&self) -> Option<Task<N>> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = self.waiting.fetch_add(1, Ordering::Relaxed) + 1;
        if waiting >= self.walk.threads && queue.tasks.is_empty() {
            queue.over = true;
            self.called.notify_all();
        }
        loop {
            if queue.over {
                return None;
            }
            if let Some(task) = queue.tasks.pop() {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                return Some(task);
            }
            queue = self.called.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests;
