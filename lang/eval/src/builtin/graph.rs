//! `std.graph`: directed graphs. The algorithms keep their own stack, so that a long chain needs no deep recursion.

use rustc_hash::FxHashMap;

use super::call::{BuiltinTable, Call};
use crate::value::{Eval, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("graph.toposort", toposort),
    ("graph.layers", layers),
    ("graph.cycles", cycles),
    ("graph.reachable", reachable),
    ("graph.path", path),
    ("graph.nodes", nodes),
    ("graph.reverse", reverse),
    ("graph.reduce", reduce),
];

/// A graph whose nodes are numbered in source order.
#[derive(Default)]
struct Graph<'a> {
    names: Vec<&'a str>,
    numbers: FxHashMap<&'a str, usize>,
    /// The targets of each node, without duplicates.
    edges: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    fn read(call: &Call<'_, 'a>) -> Eval<Graph<'a>> {
        let mut graph = Graph::default();
        for (name, targets) in call.pairs(0)? {
            let from = graph.node(name);
            let targets = call.eval.items(call.span, targets)?;
            call.eval.charge(targets.len())?;
            for target in targets {
                let to = graph.node(call.as_str(*target)?);
                graph.edges[from].push(to);
            }
        }
        graph.edges.iter_mut().for_each(deduplicate);
        Ok(graph)
    }

    fn node(&mut self, name: &'a str) -> usize {
        let next = self.names.len();
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.names.push(name);
            self.edges.push(Vec::new());
        }
        number
    }

    fn find(&self, call: &Call<'_, '_>, name: &str) -> Eval<usize> {
        match self.numbers.get(name) {
            Some(number) => Ok(*number),
            None => call.fail(format!("the graph has no node `{name}`"), "it is neither a key nor a target"),
        }
    }

    /// Nodes by name.
    fn named(&self, nodes: &[usize]) -> Vec<Value<'a>> {
        nodes.iter().map(|node| Value::Str(self.names[*node])).collect()
    }

    /// A graph as a map, with the nodes in their order.
    fn map(&self, call: &Call<'_, 'a>, edges: &[Vec<usize>]) -> Eval<Value<'a>> {
        let pairs = self.names.iter().zip(edges).map(|(name, to)| Ok((*name, call.list_of(&self.named(to))?)));
        call.map_of(pairs.collect::<Eval<_>>()?)
    }
}

/// Removes all but the first of equal numbers.
fn deduplicate(numbers: &mut Vec<usize>) {
    let mut seen = rustc_hash::FxHashSet::default();
    numbers.retain(|number| seen.insert(*number));
}

/// The state of a node in a depth-first search.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

/// The nodes in topological order, targets first; or the nodes of a cycle.
fn sorted(edges: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut marks = vec![Mark::New; edges.len()];
    let mut order = Vec::with_capacity(edges.len());
    for start in 0..edges.len() {
        if marks[start] != Mark::New {
            continue;
        }
        marks[start] = Mark::Open;
        let mut stack = vec![(start, 0)];
        while let Some((node, next)) = stack.last_mut() {
            let Some(&target) = edges[*node].get(*next) else {
                marks[*node] = Mark::Done;
                order.push(*node);
                stack.pop();
                continue;
            };
            *next += 1;
            match marks[target] {
                Mark::Done => {}
                Mark::New => {
                    marks[target] = Mark::Open;
                    stack.push((target, 0));
                }
                Mark::Open => {
                    let open = stack.iter().map(|(node, _)| *node);
                    return Err(open.skip_while(|node| *node != target).collect());
                }
            }
        }
    }
    Ok(order)
}

/// The nodes in topological order, or an error that shows a cycle.
fn order<'a>(call: &Call<'_, 'a>, graph: &Graph<'a>) -> Eval<Vec<usize>> {
    sorted(&graph.edges).or_else(|cycle| {
        let first = graph.names[cycle[0]];
        let mut names: Vec<_> = cycle.iter().take(12).map(|node| graph.names[*node]).collect();
        if names.len() < cycle.len() {
            names.push("…");
        }
        names.push(first);
        call.fail(format!("the graph has a cycle through `{first}`"), names.join(" → "))
    })
}

fn nodes<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let names: Vec<_> = Graph::read(call)?.names.into_iter().map(Value::Str).collect();
    call.list_of(&names)
}

fn toposort<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let graph = Graph::read(call)?;
    call.list_of(&graph.named(&order(call, &graph)?))
}

fn layers<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let graph = Graph::read(call)?;
    let layers = layered(&graph.edges, &order(call, &graph)?);
    let lists = layers.iter().map(|layer| call.list_of(&graph.named(layer))).collect::<Eval<Vec<_>>>()?;
    call.list_of(&lists)
}

/// The nodes in layers that only depend on earlier layers, each in source order.
fn layered(edges: &[Vec<usize>], order: &[usize]) -> Vec<Vec<usize>> {
    let mut levels = vec![0; edges.len()];
    for &node in order {
        levels[node] = edges[node].iter().map(|target| levels[*target] + 1).max().unwrap_or(0);
    }
    let mut layers = Vec::new();
    for (node, level) in levels.into_iter().enumerate() {
        if layers.len() <= level {
            layers.resize(level + 1, Vec::new());
        }
        layers[level].push(node);
    }
    layers
}

fn cycles<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let graph = Graph::read(call)?;
    let groups = strongly_connected(&graph.edges);
    let lists = groups.iter().map(|group| call.list_of(&graph.named(group))).collect::<Eval<Vec<_>>>()?;
    call.list_of(&lists)
}

/// The strongly connected components with more than one node, and nodes with an edge to themselves; all in source order.
fn strongly_connected(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut found = vec![UNSEEN; edges.len()];
    let mut lowest = vec![0; edges.len()];
    let mut is_pending = vec![false; edges.len()];
    let (mut pending, mut groups, mut count) = (Vec::new(), Vec::new(), 0);
    for start in 0..edges.len() {
        let mut stack = Vec::new();
        if found[start] == UNSEEN {
            stack.push((start, 0));
        }
        while let Some((node, next)) = stack.last_mut() {
            let node = *node;
            if *next == 0 {
                (found[node], lowest[node], is_pending[node]) = (count, count, true);
                count += 1;
                pending.push(node);
            }
            if let Some(&target) = edges[node].get(*next) {
                *next += 1;
                if found[target] == UNSEEN {
                    stack.push((target, 0));
                } else if is_pending[target] {
                    lowest[node] = lowest[node].min(found[target]);
                }
                continue;
            }
            if lowest[node] == found[node] {
                let at = pending.iter().rposition(|other| *other == node).unwrap_or(0);
                let mut group = pending.split_off(at);
                group.iter().for_each(|member| is_pending[*member] = false);
                group.sort_unstable();
                if group.len() > 1 || edges[node].contains(&node) {
                    groups.push(group);
                }
            }
            stack.pop();
            if let Some((parent, _)) = stack.last() {
                lowest[*parent] = lowest[*parent].min(lowest[node]);
            }
        }
    }
    groups.sort_unstable_by_key(|group| group[0]);
    groups
}

fn reachable<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let graph = Graph::read(call)?;
    let from = graph.find(call, call.str(1)?)?;
    call.list_of(&graph.named(&reached(&graph.edges, &graph.edges[from])))
}

/// The nodes that are reachable from some nodes, including these, nearest first.
fn reached(edges: &[Vec<usize>], from: &[usize]) -> Vec<usize> {
    let mut seen = vec![false; edges.len()];
    let mut queue = Vec::new();
    let mut next: Vec<usize> = from.to_vec();
    let mut at = 0;
    loop {
        for node in next.drain(..) {
            if !std::mem::replace(&mut seen[node], true) {
                queue.push(node);
            }
        }
        let Some(&node) = queue.get(at) else { return queue };
        at += 1;
        next.extend_from_slice(&edges[node]);
    }
}

fn path<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let graph = Graph::read(call)?;
    let (from, to) = (graph.find(call, call.str(1)?)?, graph.find(call, call.str(2)?)?);
    match shortest_path(&graph.edges, from, to) {
        Some(path) => call.list_of(&graph.named(&path)),
        None => Ok(Value::Null),
    }
}

/// A shortest path, including both ends.
fn shortest_path(edges: &[Vec<usize>], from: usize, to: usize) -> Option<Vec<usize>> {
    let mut before = vec![usize::MAX; edges.len()];
    before[from] = from;
    let mut queue = vec![from];
    let mut at = 0;
    while let Some(&node) = queue.get(at) {
        if node == to {
            break;
        }
        at += 1;
        for &target in &edges[node] {
            if before[target] == usize::MAX {
                before[target] = node;
                queue.push(target);
            }
        }
    }
    if before[to] == usize::MAX {
        return None;
    }
    let mut path = vec![to];
    let mut node = to;
    while node != from {
        node = before[node];
        path.push(node);
    }
    path.reverse();
    Some(path)
}

fn reverse<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let graph = Graph::read(call)?;
    let mut edges = vec![Vec::new(); graph.edges.len()];
    for (node, targets) in graph.edges.iter().enumerate() {
        targets.iter().for_each(|target| edges[*target].push(node));
    }
    graph.map(call, &edges)
}

fn reduce<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let graph = Graph::read(call)?;
    order(call, &graph)?;
    let mut edges = Vec::with_capacity(graph.edges.len());
    for targets in &graph.edges {
        // An edge to a node that is reachable through other targets is redundant.
        let further: Vec<_> = targets.iter().flat_map(|target| graph.edges[*target].iter().copied()).collect();
        let implied: rustc_hash::FxHashSet<_> = reached(&graph.edges, &further).into_iter().collect();
        call.eval.charge(implied.len() + targets.len())?;
        edges.push(targets.iter().copied().filter(|target| !implied.contains(target)).collect());
    }
    graph.map(call, &edges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_come_first() {
        // web needs db and cache; app needs web.
        let edges = [vec![1, 2], vec![], vec![], vec![0]];
        assert_eq!(sorted(&edges), Ok(vec![1, 2, 0, 3]));
        assert_eq!(layered(&edges, &[1, 2, 0, 3]), [vec![1, 2], vec![0], vec![3]]);
    }

    #[test]
    fn a_cycle_is_returned_along_its_edges() {
        assert_eq!(sorted(&[vec![1], vec![2], vec![3], vec![1]]), Err(vec![1, 2, 3]));
        assert_eq!(sorted(&[vec![0]]), Err(vec![0]));
    }

    #[test]
    fn strongly_connected_components_are_cycles() {
        let edges = [vec![1], vec![2], vec![0], vec![0], vec![4], vec![]];
        assert_eq!(strongly_connected(&edges), [vec![0, 1, 2], vec![4]]);
        assert_eq!(strongly_connected(&[vec![], vec![2], vec![3, 0], vec![1]]), [vec![1, 2, 3]]);
    }

    #[test]
    fn a_node_reaches_itself_only_on_a_cycle() {
        let edges = [vec![1], vec![2], vec![0], vec![0]];
        assert_eq!(reached(&edges, &edges[0]), [1, 2, 0]);
        assert_eq!(reached(&edges, &edges[3]), [0, 1, 2]);
    }

    #[test]
    fn paths_are_shortest() {
        let edges = [vec![1, 2], vec![3], vec![4], vec![4], vec![]];
        assert_eq!(shortest_path(&edges, 0, 4), Some(vec![0, 2, 4]));
        assert_eq!((shortest_path(&edges, 4, 0), shortest_path(&edges, 1, 1)), (None, Some(vec![1])));
    }

    #[test]
    fn a_chain_of_a_million_nodes_is_walked() {
        let count = 1_000_000;
        let mut edges: Vec<Vec<usize>> = (1..count).map(|next| vec![next]).collect();
        edges.push(Vec::new());
        assert_eq!(sorted(&edges).unwrap().len(), count);
        assert_eq!(strongly_connected(&edges).len(), 0);
    }
}
