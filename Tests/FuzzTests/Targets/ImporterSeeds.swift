extension Importers {
    /// Files as other tools write them.
    static func seedsOfOtherTools(_ target: FuzzTarget) -> [[UInt8]] {
        let texts: [String] =
            switch target {
            case .graphml:
                [
                    """
                    <graphml><key id="d0" for="all" attr.name="w" attr.type="double">
                    <default>1.5</default></key><graph edgedefault="undirected">
                    <node id="a" labels=":A:B"><data key="d0">2</data></node><node id="b"/>
                    <edge source="a" target="b" label="T"/></graph></graphml>
                    """,
                    """
                    <graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:cairn="urn:cairn:xml">
                    <key id="k" attr.name="x" cairn:type="json"/><graph>
                    <node id="1" cairn:labels='["a:b"]'><data key="k">[1]</data></node>
                    </graph></graphml>
                    """,
                    "<!DOCTYPE g [<!ENTITY a \"b\">]><graphml>&a;</graphml>",
                ]
            case .gexf:
                [
                    """
                    <gexf><graph defaultedgetype="directed"><attributes class="node">
                    <attribute id="0" title="t" type="liststring"><default>[a]</default></attribute>
                    </attributes><nodes><node id="1" label="x"><attvalues>
                    <attvalue for="0" value="a|b"/></attvalues></node></nodes>
                    <edges><edge source="1" target="1" weight="2" kind="K"/></edges></graph></gexf>
                    """
                ]
            case .matrix:
                [
                    "%%MatrixMarket matrix coordinate real general\n% c\n3 3 2\n1 2 0.5\n3 1 2\n",
                    "%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n2 1\n",
                    "%%MatrixMarket matrix coordinate integer skew-symmetric\n9 9 1\n2 1 -4\n",
                ]
            case .ntriples:
                [
                    "<http://a> <http://b> \"x\"@en .\n<http://a> <http://c> _:b .\n",
                    """
                    _:b <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://C> .
                    _:b <http://d> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .

                    """,
                ]
            default:
                [
                    "@prefix : <http://e/> .\n:a a :B ; :c 1, 2.5, \"x\"@de ; :d [ :e ( 1 2 ) ] .\n",
                    """
                    @prefix r: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
                    @base <http://x/> .
                    <a> <p> <b> . [] a r:Statement ; r:subject <a> ; r:predicate <p> ; r:object <b> ;
                    <w> '''long ' text''' .

                    """,
                ]
            }
        return texts.map { Array($0.utf8) }
    }
}
